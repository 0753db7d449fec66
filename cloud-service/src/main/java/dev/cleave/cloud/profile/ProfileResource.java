package dev.cleave.cloud.profile;

import dev.cleave.cloud.CloudService;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The worker's profile over HTTP. */
@Path("/api/profile")
public class ProfileResource {
    private static final int RETRY_SECONDS = 2;

    private final CloudService service;

    @Inject
    ProfileResource(CloudService service) {
        this.service = service;
    }

    /** Returns the profile, or 503 while it is being made, or 404 where there will be none. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response profile() {
        WorkerProfile.State profile = service.profile();
        if (profile.json().isPresent()) {
            return Response.ok(profile.json().get()).build();
        }
        if (profile.pending()) {
            return problem(Response.Status.SERVICE_UNAVAILABLE, "this worker is still being measured")
                    .header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS)
                    .build();
        }
        return problem(
                        Response.Status.NOT_FOUND,
                        "this worker has no profile: cleave.worker.profile is false, or the log says what failed")
                .build();
    }

    private static Response.ResponseBuilder problem(Response.Status status, String message) {
        return Response.status(status).entity("{\"error\":\"" + message + "\"}").type(MediaType.APPLICATION_JSON);
    }
}
