package dev.cleave.cloud.api;

import dev.cleave.cloud.CloudService;
import dev.cleave.cloud.profile.WorkerProfile;
import dev.cleave.optimizer.file.ComputeFile;
import dev.cleave.optimizer.profile.ComputeProfile;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.function.Supplier;

/** The profile of this service's own worker, for requests that name no other. */
@ApplicationScoped
public class WorkersProfile {
    private static final int RETRY_SECONDS = 2;

    private final CloudService service;

    @Inject
    WorkersProfile(CloudService service) {
        this.service = service;
    }

    /** Returns it as JSON. */
    byte[] json() {
        return json(
                "",
                () -> Problem.of(
                        404,
                        "No profile",
                        "this worker has no profile: cleave.worker.profile is false, or the log says what failed"));
    }

    /**
     * Returns it.
     *
     * @param field of the request that could name another
     */
    ComputeProfile get(String field) {
        byte[] json = json(
                ", or send a profile as " + field,
                () -> Problem.field(field, "absent", "a profile, because this worker has none"));
        return ComputeFile.read(json, "the worker's profile");
    }

    private byte[] json(String instead, Supplier<Problem> none) {
        WorkerProfile.State profile = service.profile();
        if (profile.json().isEmpty() && profile.pending()) {
            throw Problem.unavailable("this worker is still being measured; try again" + instead, RETRY_SECONDS);
        }
        return profile.json().orElseThrow(none);
    }
}
