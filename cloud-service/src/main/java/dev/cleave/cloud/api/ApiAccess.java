package dev.cleave.cloud.api;

import dev.cleave.cloud.CloudConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Who may use the API: whoever has the token. Without one, only this machine: not where HTTP listens on another address, and no
 * request that was meant for another host, which a web page or a proxy would send on.
 */
@ApplicationScoped
public class ApiAccess {
    private static final String SCHEME = "Bearer ";

    private final Optional<String> token;
    private final boolean here;

    @Inject
    ApiAccess(CloudConfig config, @ConfigProperty(name = "quarkus.http.host") String host) {
        token = config.api().token().filter(text -> !text.isBlank());
        here = loopback(host);
    }

    /** Returns why a request may not go on, if it may not. */
    Optional<Problem> refuses(ContainerRequestContext request) {
        return token.isPresent() ? withToken(request) : withoutToken(request);
    }

    private Optional<Problem> withToken(ContainerRequestContext request) {
        String header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        String found = header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? header.substring(SCHEME.length()).trim()
                : "";
        // In a time that does not tell how much of it is right.
        return MessageDigest.isEqual(bytes(found), bytes(token.get()))
                ? Optional.empty()
                : Optional.of(Problem.of(
                        401, "Not authorized", "the header Authorization: Bearer must carry cleave.api.token"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Optional<Problem> withoutToken(ContainerRequestContext request) {
        if (!here) {
            return Optional.of(Problem.of(
                    403,
                    "The API is off",
                    "HTTP listens beyond this machine: set cleave.api.token, or quarkus.http.host to 127.0.0.1"));
        }
        String host = request.getUriInfo().getRequestUri().getHost();
        if (host == null || !loopback(host)) {
            return Optional.of(Problem.of(
                    403,
                    "Meant for another host",
                    "without cleave.api.token requests must name this machine as localhost or 127.0.0.1"));
        }
        return Optional.empty();
    }

    /** Names are not looked up: whoever answers for them could say anything. */
    private static boolean loopback(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (!bare.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}") && !bare.matches("[0-9a-fA-F:]*:[0-9a-fA-F:.]*")) {
            return false;
        }
        try {
            return InetAddress.getByName(bare).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
