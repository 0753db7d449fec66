package dev.cleave.cloud.api;

import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The worker's profile over HTTP. */
@Path("/api/profile")
public class ProfileResource {
    private final WorkersProfile worker;

    @Inject
    ProfileResource(WorkersProfile worker) {
        this.worker = worker;
    }

    /** Returns the profile, or 503 while it is being made, or 404 where there will be none. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response profile() {
        try {
            return Response.ok(worker.json()).build();
        } catch (Problem none) {
            return none.response();
        }
    }
}
