package dev.cleave.cloud.api;

import dev.cleave.cloud.CloudService;
import dev.cleave.cloud.profile.WorkerProfile;
import dev.cleave.optimizer.file.ComputeFile;
import dev.cleave.optimizer.profile.ComputeProfile;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** The profile of this service's own worker, for requests that name no other. */
@ApplicationScoped
public class WorkersProfile {
    private static final int RETRY_SECONDS = 2;

    private final CloudService service;

    @Inject
    WorkersProfile(CloudService service) {
        this.service = service;
    }

    /**
     * Returns it.
     *
     * @param field of the request that could name another
     */
    ComputeProfile get(String field) {
        Optional<WorkerProfile> profile = service.profile();
        // In this order: it may be finished in between.
        boolean pending = profile.map(WorkerProfile::pending).orElse(service.starting());
        Optional<byte[]> json = profile.flatMap(WorkerProfile::json);
        if (json.isPresent()) {
            return ComputeFile.read(json.get(), "the worker's profile");
        }
        if (pending) {
            throw Problem.unavailable(
                    "this worker is still being measured; try again, or send a profile as " + field, RETRY_SECONDS);
        }
        throw Problem.field(field, "absent", "a profile, because this worker has none");
    }
}
