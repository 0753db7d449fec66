package dev.cleave.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The engine tells nobody what it is asked; docs/decisions/0001 says why there is this test. */
class PrivacyTest {
    private static final String LIBRARY = "/ai/onnxruntime/native/linux-x64/libonnxruntime.so";

    @Test
    void theNativeLibraryKnowsNoCollector() throws IOException {
        try (InputStream in = OrtEnvironment.class.getResourceAsStream(LIBRARY)) {
            String library = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(library.contains("onnxruntime")).isTrue();
            assertThat(library.contains("events.data.microsoft.com")).isFalse();
            assertThat(library.contains("OneCollector")).isFalse();
        }
    }
}
