package dev.cleave.transport.emulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where nobody reads, a link takes a bounded number of bytes and makes the sender wait. */
@Timeout(120)
class BackPressureTest {
    /** The kernel's own buffers, of four sockets, are some 20 MiB by default. */
    private static final long MOST_BYTES = 128L << 20;

    @Test
    void aSenderWaitsForAReceiverThatDoesNotRead() throws Exception {
        byte[] pattern = Client.payload(12, 1 << 16);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ShapedProxy proxy =
                        ShapedProxy.start(URI.create("tcp://127.0.0.1:" + server.getLocalPort()), LinkShape.NONE, 1);
                SocketChannel client = SocketChannel.open(
                        new InetSocketAddress("127.0.0.1", proxy.uri().getPort()));
                Socket receiver = server.accept()) {
            client.configureBlocking(false);
            long accepted = 0;
            ByteBuffer bytes = ByteBuffer.wrap(pattern);
            for (int idle = 0; idle < 50 && accepted <= MOST_BYTES; ) {
                int count = client.write(bytes);
                accepted += count;
                if (!bytes.hasRemaining()) {
                    bytes.rewind();
                }
                if (count == 0) {
                    idle++;
                    Thread.sleep(10);
                } else {
                    idle = 0;
                }
            }
            assertThat(accepted).isLessThanOrEqualTo(MOST_BYTES);

            client.shutdownOutput();
            InputStream in = receiver.getInputStream();
            long read = 0;
            for (byte[] part = in.readNBytes(pattern.length); part.length > 0; part = in.readNBytes(pattern.length)) {
                assertThat(part).isEqualTo(Arrays.copyOf(pattern, part.length));
                read += part.length;
            }
            assertThat(read).isEqualTo(accepted);
        }
    }
}
