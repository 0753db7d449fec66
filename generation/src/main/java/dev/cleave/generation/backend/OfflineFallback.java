package dev.cleave.generation.backend;

import dev.cleave.transport.RefusalCode;
import dev.cleave.transport.TransportException;
import java.util.Optional;
import java.util.function.Supplier;

/** What a device computes with while the cloud is out of reach, and how it comes back. One model is open at a time. */
public interface OfflineFallback {
    /**
     * Says whether the whole model can run here, before anything is closed or loaded.
     *
     * @param reason why the cloud is out of reach
     * @return what opens it, at split L and with the same greatest length, once the front segment is closed; empty where it
     *     does not fit
     */
    Optional<Supplier<DeviceModel>> alone(String reason);

    /** Opens the device's share of the divided model again, once the whole one is closed. */
    DeviceModel divided();

    /** Returns whether a failure says that nobody is there; somebody who refuses has reasons that still hold. */
    static boolean isFor(TransportException failure) {
        switch (failure.reason()) {
            case BROKER_UNREACHABLE:
            case BROKER_LOST:
            case WORKER_LOST:
                return true;
            case NO_WORKER:
                return !failure.code().equals(RefusalCode.MODEL.name());
            default:
                return false;
        }
    }
}
