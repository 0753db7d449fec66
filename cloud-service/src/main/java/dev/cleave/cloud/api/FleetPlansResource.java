package dev.cleave.cloud.api;

import dev.cleave.cloud.CloudConfig;
import dev.cleave.cloud.fleet.FleetPlanner;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;

/** Plans for a fleet. */
@Path("/api/fleet-plans")
public class FleetPlansResource {
    private final PlanRequestHandler handler;
    private final WorkersProfile worker;
    private final CloudConfig config;

    @Inject
    FleetPlansResource(PlanRequestHandler handler, WorkersProfile worker, CloudConfig config) {
        this.handler = handler;
        this.worker = worker;
        this.config = config;
    }

    /** Answers with a plan for each device, or why it gets none. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response plan(InputStream body) {
        return handler.fleet(
                body, json -> FleetText.tree(FleetPlanner.plan(new FleetReader(json, config, worker).request())));
    }
}
