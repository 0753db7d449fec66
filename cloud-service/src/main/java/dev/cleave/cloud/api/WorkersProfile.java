package dev.cleave.cloud.api;

import dev.cleave.cloud.CloudService;
import dev.cleave.cloud.profile.WorkerProfile;
import dev.cleave.optimizer.file.ComputeFile;
import dev.cleave.optimizer.profile.ComputeProfile;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

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
        WorkerProfile.State profile = service.profile();
        if (profile.json().isPresent()) {
            return ComputeFile.read(profile.json().get(), "the worker's profile");
        }
        if (profile.pending()) {
            throw Problem.unavailable(
                    "this worker is still being measured; try again, or send a profile as " + field, RETRY_SECONDS);
        }
        throw Problem.field(field, "absent", "a profile, because this worker has none");
    }
}
