package dev.cleave.cloud.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.cloud.CloudConfig;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is let in: by the address that HTTP listens on, the token, and what the request carries. */
class ApiAccessTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,, http://127.0.0.1:8080/api/plans,, 200",
        "localhost,, http://localhost/api/plans,, 200",
        "::1,, http://[::1]:8080/api/plans,, 200",
        "127.0.0.1,, http://attacker.example/api/plans,, 403",
        "127.0.0.1,, http://127.0.0.1.attacker.example/api/plans,, 403",
        "0.0.0.0,, http://127.0.0.1/api/plans,, 403",
        "192.168.1.4,, http://192.168.1.4/api/plans,, 403",
        "0.0.0.0, secret, http://cloud.example/api/plans, Bearer secret, 200",
        "0.0.0.0, secret, http://cloud.example/api/plans, bearer secret, 200",
        "0.0.0.0, secret, http://cloud.example/api/plans, Bearer secre, 401",
        "0.0.0.0, secret, http://cloud.example/api/plans, Basic secret, 401",
        "0.0.0.0, secret, http://cloud.example/api/plans,, 401",
        "127.0.0.1, secret, http://127.0.0.1/api/plans,, 401",
        "0.0.0.0, ' ', http://127.0.0.1/api/plans, Bearer, 403",
    })
    void onlyWhoMayIsLetIn(String listens, String token, String address, String authorization, int status) {
        ApiAccess access = new ApiAccess(config(Optional.ofNullable(token)), listens);
        int found = access.refuses(request(URI.create(address), authorization))
                .map(problem -> problem.response().getStatus())
                .orElse(200);
        assertThat(found).isEqualTo(status);
    }

    private static CloudConfig config(Optional<String> token) {
        CloudConfig.Api api = only(CloudConfig.Api.class, "token", token);
        return only(CloudConfig.class, "api", api);
    }

    private static ContainerRequestContext request(URI address, String authorization) {
        UriInfo uri = only(UriInfo.class, "getRequestUri", address);
        return (ContainerRequestContext) Proxy.newProxyInstance(
                ApiAccessTest.class.getClassLoader(),
                new Class<?>[] {ContainerRequestContext.class},
                (self, method, arguments) -> method.getName().equals("getUriInfo") ? uri : authorization);
    }

    private static <T> T only(Class<T> type, String name, Object value) {
        return type.cast(Proxy.newProxyInstance(
                ApiAccessTest.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo(name);
                    return value;
                }));
    }
}
