package dev.cleave.cloud.api;

import dev.cleave.model.ModelException;
import dev.cleave.model.json.JsonWriter;
import dev.cleave.optimizer.ProfileException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;

/** Why there is no answer: problem details of RFC 9457, with the field, its value and what was expected where it is a field. */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String TYPE = "application/problem+json";

    private final int status;
    private final transient Map<String, Object> members = new LinkedHashMap<>();
    private final int retrySeconds;

    private Problem(int status, String title, String detail, int retrySeconds) {
        super(detail, null, false, false);
        this.status = status;
        this.retrySeconds = retrySeconds;
        members.put("type", "about:blank");
        members.put("title", title);
        members.put("status", status);
        members.put("detail", detail);
    }

    static Problem of(int status, String title, String detail) {
        return new Problem(status, title, detail, 0);
    }

    /** Returns a problem that passes. */
    static Problem unavailable(String detail, int retrySeconds) {
        return new Problem(503, "Not now", detail, retrySeconds);
    }

    /** Returns what is wrong with a field. */
    static Problem field(String field, String value, String expected) {
        return of(400, "A field is wrong", field + " is " + value + ", expected " + expected)
                .with(field, value, expected);
    }

    static Problem of(ProfileException wrong) {
        return field(wrong.field(), wrong.value(), wrong.expected());
    }

    static Problem of(ModelException wrong) {
        Problem problem = of(400, "The request cannot be read", wrong.getMessage());
        wrong.field().ifPresent(field -> {
            problem.members.put("title", "A field is wrong");
            problem.with(field.name(), field.value(), field.expected());
        });
        return problem;
    }

    private Problem with(String field, String value, String expected) {
        members.put("field", field);
        members.put("value", value);
        members.put("expected", expected);
        return this;
    }

    /** Returns it as a response. */
    Response response() {
        Response.ResponseBuilder response = Response.status(status).type(TYPE).entity(JsonWriter.compact(members));
        if (retrySeconds > 0) {
            response.header(HttpHeaders.RETRY_AFTER, retrySeconds);
        }
        if (status == Response.Status.UNAUTHORIZED.getStatusCode()) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        return response.build();
    }
}
