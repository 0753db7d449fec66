package dev.cleave.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cleave.transport.broker.Mosquitto;
import dev.cleave.transport.device.DeviceLink;
import dev.cleave.transport.device.DeviceSession;
import dev.cleave.transport.worker.WorkerLink;
import dev.cleave.transport.worker.WorkerOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS with a private authority, by Mosquitto; certificates and keys are made by {@code make.sh} beside them. */
@Timeout(60)
class TlsTest {
    private static final Path FILES = Path.of("src", "test", "resources", "tls").toAbsolutePath();

    @TempDir
    Path folder;

    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private Mosquitto broker;

    @AfterEach
    void stop() {
        executor.shutdownNow();
        if (broker != null) {
            broker.close();
        }
    }

    private static Optional<Path> file(String name) {
        return Optional.ofNullable(name).map(FILES::resolve);
    }

    private void start(String certificate, String key, boolean clients) throws Exception {
        broker = Mosquitto.with(
                folder,
                "certfile " + FILES.resolve(certificate),
                "keyfile " + FILES.resolve(key),
                clients ? "require_certificate true" : "",
                clients ? "cafile " + FILES.resolve("authority.pem") : "");
    }

    private BrokerOptions options(String trust, String certificate, String key) {
        return new BrokerOptions(
                URI.create("ssl://localhost:" + broker.uri().getPort()),
                Optional.empty(),
                Optional.empty(),
                new BrokerOptions.Security(file(trust), file(certificate), file(key), false));
    }

    private TransportException refused(String trust, String certificate, String key) {
        TransportException failure = catchThrowableOfType(
                TransportException.class,
                () -> DeviceLink.connect(options(trust, certificate, key), "d1", SessionContract.QUICK));
        assertThat(failure).as("the connection is refused").isNotNull();
        assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(TransportException.Reason.INSECURE);
        return failure;
    }

    private void served(BrokerOptions options) {
        try (WorkerLink worker = WorkerLink.start(
                        options,
                        new WorkerOptions("w1", SessionContract.MODEL, 4, 60_000, SessionContract.QUICK),
                        new EchoSessions(),
                        executor);
                DeviceLink device = DeviceLink.connect(options, "d1", SessionContract.QUICK);
                DeviceSession session = device.open(SessionContract.request("d1", "session1", "int8"))) {
            session.send(Step.frame(0, 1, StepSample.LAST, new byte[5000], 0, 5000));
            assertThat(session.receive().count()).isOne();
            assertThat(worker.sessions()).isOne();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"authority.pem", "several.pem", "authority.der", "server.pem"})
    void aPrivateAuthorityThatIsNamedIsTrusted(String trust) throws Exception {
        start("server.pem", "server.key", false);
        served(options(trust, null, null));
    }

    @Test
    void aPrivateAuthorityThatIsNotNamedIsNotTrusted() throws Exception {
        start("server.pem", "server.key", false);
        assertThat(refused(null, null, null))
                .hasMessageContaining("not trusted")
                .hasMessageContaining("--trust");
        assertThat(refused("stranger.pem", null, null))
                .hasMessageContaining("not trusted")
                .hasMessageContaining("--trust");
        TransportException worker = catchThrowableOfType(
                TransportException.class,
                () -> WorkerLink.start(
                        options(null, null, null),
                        new WorkerOptions("w1", SessionContract.MODEL, 4, 60_000, SessionContract.QUICK),
                        new EchoSessions(),
                        executor));
        assertThat(worker).hasMessageContaining("not trusted").hasMessageContaining("cleave.broker.trust");
    }

    @Test
    void anotherHostIsNamed() throws Exception {
        start("elsewhere.pem", "elsewhere.key", false);
        assertThat(refused("authority.pem", null, null))
                .hasMessageContaining("another host than localhost")
                .hasMessageContaining("an address that the certificate names");
    }

    @Test
    void anExpiredCertificateIsCalledSo() throws Exception {
        start("server-expired.pem", "server.key", false);
        assertThat(refused("authority.pem", null, null))
                .hasMessageContaining("has expired")
                .hasMessageContaining("2021");
    }

    @Test
    void aBrokerWithoutTlsIsCalledSo() throws Exception {
        broker = Mosquitto.with(folder);
        assertThat(refused("authority.pem", null, null)).hasMessageContaining("does not speak TLS");
    }

    @ParameterizedTest
    @CsvSource({
        "client.pem, client.key",
        "client.pem, client-pkcs1.key",
        "client-both.pem,",
        "client-ec.pem, client-ec.key",
        "client-ec.pem, client-sec1.key",
        "client-ec.pem, client-sec1-parameters.key"
    })
    void aBrokerThatKnowsItsClientsTakesTheirCertificates(String certificate, String key) throws Exception {
        start("server.pem", "server.key", true);
        served(options("authority.pem", certificate, key));
    }

    @Test
    void aBrokerThatKnowsItsClientsRefusesOthers() throws Exception {
        start("server.pem", "server.key", true);
        assertThat(refused("authority.pem", null, null))
                .hasMessageContaining("asks for a certificate")
                .hasMessageContaining("--certificate and --key");
        assertThat(refused("authority.pem", "foreign.pem", "foreign.key"))
                .hasMessageContaining("does not accept the certificate in")
                .hasMessageContaining("foreign.pem");
    }

    @ParameterizedTest
    @CsvSource({
        "authority.pem, client.pem, foreign.key, does not belong to the certificate",
        "authority.pem, client.pem, client-ec.key, no RSA key",
        "authority.pem, client-ec.pem, client-pkcs1.key, no EC key",
        "authority.pem, client.pem, client-encrypted.key, is encrypted",
        "authority.pem, client.pem, client-pkcs1-encrypted.key, is encrypted",
        "authority.pem, client.pem, client.pem, no private key in",
        "authority.pem, client.pem,, no private key in",
        "authority.pem, client.pem, make.sh, it is no PEM file",
        "authority.pem, client.pem, missing.key, there is no file",
        "authority.pem, client.key, client.key, there is no certificate in",
        "authority.pem, client-expired.pem, client.key, expired on 2021",
        "authority.pem, make.sh, client.key, it is no PEM file",
        "make.sh,,, it is no PEM file",
        "client.key,,, it holds PRIVATE KEY",
        "missing.pem,,, there is no file"
    })
    void whatIsWrongWithAFileIsSaidByName(String trust, String certificate, String key, String message)
            throws Exception {
        start("server.pem", "server.key", false);
        TransportException failure = refused(trust, certificate, key);
        assertThat(failure).hasMessageContaining(message);
        assertThat(failure.getMessage()).contains(FILES + "/" + (message.startsWith("expired") ? certificate : ""));
    }

    @Test
    void aDamagedCertificateIsCalledSo() throws Exception {
        start("server.pem", "server.key", false);
        String whole = Files.readString(FILES.resolve("authority.pem"));
        for (String damaged : new String[] {
            whole.replaceFirst("MII", "NII"), whole.replaceFirst("MII", "M*I"), whole.substring(0, 400)
        }) {
            Path file = Files.writeString(folder.resolve("damaged.pem"), damaged);
            assertThat(refused(file.toString(), null, null))
                    .hasMessageMatching(".*damaged.pem (is damaged|has no end).*");
        }
    }

    @Test
    void aKeyNeedsItsCertificate() {
        assertThatThrownBy(() -> new BrokerOptions.Security(
                        Optional.empty(), Optional.empty(), Optional.of(Path.of("client.key")), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name the certificate");
    }
}
