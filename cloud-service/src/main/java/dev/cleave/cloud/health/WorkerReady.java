package dev.cleave.cloud.health;

import dev.cleave.cloud.CloudService;
import dev.cleave.cloud.worker.WorkerService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready: the worker is connected to its broker. */
@Readiness
@ApplicationScoped
public class WorkerReady implements HealthCheck {
    private final CloudService service;

    @Inject
    WorkerReady(CloudService service) {
        this.service = service;
    }

    @Override
    public HealthCheckResponse call() {
        Optional<WorkerService> worker = service.worker();
        HealthCheckResponseBuilder answer = HealthCheckResponse.named("worker");
        worker.ifPresent(running -> answer.withData("name", running.name())
                .withData("sessions", running.sessions())
                .withData("kvReserved", running.kvReserved()));
        return answer.status(worker.map(WorkerService::connected).orElse(false)).build();
    }
}
