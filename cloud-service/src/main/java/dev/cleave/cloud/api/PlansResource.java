package dev.cleave.cloud.api;

import dev.cleave.model.json.JsonObject;
import dev.cleave.optimizer.file.ComputeFile;
import dev.cleave.optimizer.file.LinkFile;
import dev.cleave.optimizer.file.PlanFile;
import dev.cleave.optimizer.file.QualityFile;
import dev.cleave.optimizer.file.RequestFile;
import dev.cleave.optimizer.plan.PlanRequest;
import dev.cleave.optimizer.plan.Planner;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.List;

/** A plan for one device. */
@Path("/api/plans")
public class PlansResource {
    private static final List<String> FIELDS =
            List.of("device", "cloud", "link", "quality", "demand", "budget", "objective", "choices");

    private final PlanRequestHandler handler;
    private final WorkersProfile worker;

    @Inject
    PlansResource(PlanRequestHandler handler, WorkersProfile worker) {
        this.handler = handler;
        this.worker = worker;
    }

    /** Answers with a plan, or with the nearest budgets for which there is one. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response plan(InputStream body) {
        return handler.plan(body, json -> {
            PlanRequest request = request(json);
            return PlanFile.tree(request, Planner.plan(request));
        });
    }

    private PlanRequest request(JsonObject json) {
        json.only(FIELDS);
        return Requests.bounded(new PlanRequest(
                Requests.part(json, "device", ComputeFile::read),
                json.has("cloud") ? Requests.part(json, "cloud", ComputeFile::read) : worker.get("cloud"),
                Requests.part(json, "link", LinkFile::read),
                Requests.part(json, "quality", QualityFile::read),
                Requests.part(json, "demand", RequestFile::demand),
                Requests.budget(json),
                Requests.choices(json),
                Requests.objective(json)));
    }
}
