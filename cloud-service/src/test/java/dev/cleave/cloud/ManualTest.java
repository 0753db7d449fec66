package dev.cleave.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.cloud.process.ExitCode;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** docs/cloud.md has every setting and every exit code. */
class ManualTest {
    private static final Path MANUAL = Path.of(System.getProperty("cleave.root"), "docs", "cloud.md");

    @Test
    void listsEverySetting() throws IOException {
        listsSettings("cleave.", CloudConfig.class, Files.readString(MANUAL));
    }

    private static void listsSettings(String prefix, Class<?> group, String manual) {
        for (Method setting : group.getDeclaredMethods()) {
            String name =
                    prefix + setting.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            if (setting.getReturnType().getEnclosingClass() == CloudConfig.class) {
                listsSettings(name + ".", setting.getReturnType(), manual);
            } else {
                assertThat(manual).contains("`" + name + "`");
            }
        }
    }

    @Test
    void listsEveryExitCode() throws IOException {
        String manual = Files.readString(MANUAL);
        for (ExitCode code : ExitCode.values()) {
            assertThat(manual).containsPattern("\n\\|[ 0-9,]*\\b" + code.number() + "\\b[ 0-9,]*\\|");
        }
    }
}
