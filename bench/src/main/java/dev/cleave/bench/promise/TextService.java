package dev.cleave.bench.promise;

import dev.cleave.bench.emulation.SlowedEngine;
import dev.cleave.generation.Cancellation;
import dev.cleave.generation.GenerationResult;
import dev.cleave.generation.SplitConfig;
import dev.cleave.generation.TextListener;
import dev.cleave.generation.backend.DeviceModel;
import dev.cleave.generation.loop.Generator;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.model.tokenizer.Tokenizer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Optional;

/**
 * The rival that needs no device: the whole model in the cloud. The prompt comes as text over a TCP connection, and each piece of
 * the answer goes back as soon as it is there: less stands round it than round a request of HTTP, which favours this rival.
 */
final class TextService implements AutoCloseable {
    private static final int WAIT_MILLIS = 600_000;

    private final ServerSocket server;
    private final DeviceModel model;
    private final int tokens;

    /**
     * Starts one on a free port.
     *
     * @param whole the model, all of it in one segment
     * @param tokens of an answer
     */
    private TextService(DeviceModel whole, int tokens) throws IOException {
        this.model = whole;
        this.tokens = tokens;
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "text-service");
        thread.setDaemon(true);
        thread.start();
    }

    static TextService start(
            Bundle bundle, Tokenizer tokenizer, SegmentEngine engine, double load, Place.Text text, SplitConfig config)
            throws IOException {
        SegmentEngine slowed = new SlowedEngine(engine, load);
        return new TextService(
                DeviceModel.open(bundle, tokenizer, slowed, config, text.context(), Optional.empty()), text.tokens());
    }

    URI uri() {
        return URI.create("tcp://127.0.0.1:" + server.getLocalPort());
    }

    private void serve() {
        try {
            while (!server.isClosed()) {
                answer();
            }
        } catch (IOException e) {
            if (!server.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void answer() throws IOException {
        // A generator of its own: nothing of an earlier prompt is in its cache.
        try (Socket socket = server.accept();
                Generator generator = Generator.onDevice(model, SamplingOptions.GREEDY)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(WAIT_MILLIS);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            int[] prompt = model.tokenizer().encode(in.readUTF(), false);
            TextListener listener = piece -> {
                try {
                    out.writeUTF(piece);
                    out.flush();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            };
            GenerationResult result = generator.generate(prompt, tokens, listener, new Cancellation());
            out.writeUTF("");
            out.writeInt(result.tokenIds().size());
            out.flush();
            socket.shutdownOutput();
            awaitEnd(in);
        }
    }

    /** Whoever asked has heard everything when the end comes, in whatever way a proxy passes it on. */
    private static void awaitEnd(DataInputStream in) {
        try {
            while (in.read() >= 0) {
                continue;
            }
        } catch (IOException reset) {
            // That is an end as well.
        }
    }

    /**
     * Asks for an answer.
     *
     * @param service its address, or a proxy's before it
     * @return ms a token, the first one's wait included
     */
    static double ask(URI service, String prompt) throws IOException {
        try (Socket socket = new Socket(service.getHost(), service.getPort())) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(WAIT_MILLIS);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            long begin = System.nanoTime();
            out.writeUTF(prompt);
            out.flush();
            while (!in.readUTF().isEmpty()) {
                continue;
            }
            double millis = (System.nanoTime() - begin) / 1e6;
            return millis / in.readInt();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        model.close();
    }
}
