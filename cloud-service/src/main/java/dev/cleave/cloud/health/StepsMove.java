package dev.cleave.cloud.health;

import dev.cleave.cloud.CloudConfig;
import dev.cleave.cloud.CloudService;
import dev.cleave.cloud.worker.WorkerService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Alive: no step, and no opening, has been running for longer than one can take. */
@Liveness
@ApplicationScoped
public class StepsMove implements HealthCheck {
    private final CloudService service;
    private final CloudConfig config;

    @Inject
    StepsMove(CloudService service, CloudConfig config) {
        this.service = service;
        this.config = config;
    }

    @Override
    public HealthCheckResponse call() {
        Duration longest = service.worker().map(WorkerService::longestStep).orElse(Duration.ZERO);
        return HealthCheckResponse.named("steps")
                .withData("longestMillis", longest.toMillis())
                .status(longest.compareTo(config.worker().stuckAfter()) <= 0)
                .build();
    }
}
