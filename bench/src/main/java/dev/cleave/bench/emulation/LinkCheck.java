package dev.cleave.bench.emulation;

import dev.cleave.bench.Statistics;
import dev.cleave.transport.emulation.EchoServer;
import dev.cleave.transport.emulation.LinkShape;
import dev.cleave.transport.emulation.ShapedProxy;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;

/** Small messages to an echo and back, and bursts that a byte answers, through emulated links. */
final class LinkCheck {
    private static final double[] MEGABITS = {1, 10, 100};
    private static final double[] ROUND_TRIP_MILLIS = {5, 40, 150};
    private static final int MESSAGE_BYTES = 64;
    private static final int MESSAGES = 41;
    private static final int BURST_BYTES = 256 * 1024;
    private static final int BURSTS = 7;
    private static final int WARM_UP = 3;
    private static final int PATIENCE_MILLIS = 60_000;

    private LinkCheck() {}

    static void append(StringBuilder text) throws IOException {
        text.append("## Links, emulated\n\n");
        text.append(String.format(Locale.ROOT, """
                A plain echo over loopback behind the proxy: no broker, so that the proxy alone is measured. *Asked* for a message is the
                round trip and the time to send its %d bytes twice; for a burst of %d KiB, which one byte answers, its bits over the
                bandwidth and the round trip: nothing can be faster. *Goodput* is the burst's bits over its time less the round trip
                asked. Medians of %d messages and %d bursts after %d of each to warm up; 90 %%: nine of ten messages were as fast. No
                jitter, no stalls.

                """, MESSAGE_BYTES, BURST_BYTES / 1024, MESSAGES, BURSTS, WARM_UP));
        text.append(
                "| bandwidth, Mbit/s | round trip, ms | message, ms: asked | measured | 90 % | burst, ms: asked | measured |"
                        + " goodput, Mbit/s | of the bandwidth |\n");
        text.append("|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        for (double megabits : MEGABITS) {
            for (double roundTrip : ROUND_TRIP_MILLIS) {
                row(text, megabits, roundTrip);
            }
        }
        try (EchoServer echo = EchoServer.start();
                EchoServer sink = EchoServer.answering(BURST_BYTES)) {
            text.append(String.format(
                    Locale.ROOT,
                    "%nWithout the proxy a message takes %.2f ms and a burst %.1f ms.%n%n",
                    Statistics.median(messages(echo.uri())),
                    Statistics.median(bursts(sink.uri()))));
        }
    }

    private static void row(StringBuilder text, double megabits, double roundTrip) throws IOException {
        LinkShape shape = LinkShape.of(megabits, roundTrip);
        try (EchoServer echo = EchoServer.start();
                ShapedProxy toEcho = ShapedProxy.start(echo.uri(), shape, 1);
                EchoServer sink = EchoServer.answering(BURST_BYTES);
                ShapedProxy toSink = ShapedProxy.start(sink.uri(), shape, 1)) {
            double[] messages = messages(toEcho.uri());
            double burst = Statistics.median(bursts(toSink.uri()));
            double goodput = BURST_BYTES * 8 / 1e3 / (burst - roundTrip);
            text.append(String.format(
                    Locale.ROOT,
                    "| %.0f | %.0f | %.2f | %.2f | %.2f | %.1f | %.1f | %.2f | %.1f %% |%n",
                    megabits,
                    roundTrip,
                    roundTrip + 2 * MESSAGE_BYTES * 8 / 1e3 / megabits,
                    Statistics.median(messages),
                    Statistics.quantile(messages, 0.9),
                    roundTrip + BURST_BYTES * 8 / 1e3 / megabits,
                    burst,
                    goodput,
                    100 * goodput / megabits));
        }
    }

    private static double[] messages(URI uri) throws IOException {
        return measure(uri, MESSAGE_BYTES, MESSAGE_BYTES, MESSAGES);
    }

    private static double[] bursts(URI uri) throws IOException {
        return measure(uri, BURST_BYTES, 1, BURSTS);
    }

    /** Returns ms from the first byte sent to the last of the answer. */
    private static double[] measure(URI uri, int size, int answer, int times) throws IOException {
        byte[] bytes = new byte[size];
        double[] millis = new double[times];
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            for (int i = -WARM_UP; i < times; i++) {
                long begin = System.nanoTime();
                socket.getOutputStream().write(bytes);
                int received = socket.getInputStream().readNBytes(answer).length;
                if (received != answer) {
                    throw new IOException(uri + " ended after " + received + " of " + answer + " bytes");
                }
                if (i >= 0) {
                    millis[i] = (System.nanoTime() - begin) / 1e6;
                }
            }
        }
        return millis;
    }
}
