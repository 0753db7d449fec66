package dev.cleave.cloud.api;

import dev.cleave.cloud.CloudConfig;
import dev.cleave.model.ModelException;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import dev.cleave.model.json.JsonWriter;
import dev.cleave.optimizer.ProfileException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Takes requests: so many at once, none greater than the limit, and plans one after the other, so that steps of sessions keep
 * their processors. What goes wrong becomes a {@link Problem}.
 */
@ApplicationScoped
public class PlanRequestHandler {
    private static final int MOST_BODIES = 8;
    private static final int WAIT_SECONDS = 5;
    private static final int RETRY_SECONDS = 5;

    private final int mostBytes;
    private final Semaphore bodies = new Semaphore(MOST_BODIES);
    private final Semaphore plans = new Semaphore(1, true);
    private final Semaphore fleets = new Semaphore(1, true);

    @Inject
    PlanRequestHandler(CloudConfig config) {
        mostBytes = (int) Math.min(config.api().maxBody().asLongValue(), Integer.MAX_VALUE - 8);
    }

    /** Answers a request for one device. */
    Response plan(InputStream body, Function<JsonObject, Object> planning) {
        return answer(body, plans, planning);
    }

    /** Answers a request for a fleet. */
    Response fleet(InputStream body, Function<JsonObject, Object> planning) {
        return answer(body, fleets, planning);
    }

    private Response answer(InputStream body, Semaphore turn, Function<JsonObject, Object> planning) {
        try {
            byte[] bytes = read(body);
            if (!turn.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw Problem.unavailable("others are being planned for; try again", RETRY_SECONDS);
            }
            try {
                Object tree = planning.apply(Json.parseObject(bytes, "request"));
                return Response.ok(JsonWriter.compact(tree), MediaType.APPLICATION_JSON_TYPE)
                        .build();
            } finally {
                turn.release();
            }
        } catch (Problem problem) {
            return problem.response();
        } catch (ProfileException e) {
            return Problem.of(e).response();
        } catch (ModelException e) {
            return Problem.of(e).response();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Problem.unavailable("the service stops", RETRY_SECONDS).response();
        }
    }

    private byte[] read(InputStream body) {
        if (!bodies.tryAcquire()) {
            throw Problem.unavailable(MOST_BODIES + " requests are being read already; try again", RETRY_SECONDS);
        }
        try {
            byte[] bytes = body.readNBytes(mostBytes + 1);
            if (bytes.length > mostBytes) {
                throw Problem.of(
                        413,
                        "Too large",
                        "the request has more than the " + mostBytes + " bytes of cleave.api.max-body");
            }
            return bytes;
        } catch (IOException e) {
            throw Problem.of(400, "The request cannot be read", "the request ended early: " + e.getMessage());
        } finally {
            bodies.release();
        }
    }
}
