package dev.cleave.cloud.api;

import dev.cleave.cloud.CloudConfig;
import dev.cleave.cloud.fleet.Capacity;
import dev.cleave.cloud.fleet.FleetDevice;
import dev.cleave.cloud.fleet.FleetRequest;
import dev.cleave.model.json.JsonObject;
import dev.cleave.optimizer.file.ComputeFile;
import dev.cleave.optimizer.file.LinkFile;
import dev.cleave.optimizer.file.QualityFile;
import dev.cleave.optimizer.file.RequestFile;
import dev.cleave.optimizer.plan.PlanRequest;
import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.LinkProfile;
import dev.cleave.optimizer.profile.QualityProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads what is asked for a fleet. A device's own field comes before that of the same name of the whole request, which holds for
 * all devices that have none.
 */
final class FleetReader {
    private static final String DEVICES = "devices";
    private static final String LINKS = "links";
    private static final String PROFILES = "profiles";
    private static final int MOST_NAMED = 10_000;
    private static final int MOST_TEXT = 128;
    private static final List<String> SHARED = List.of(
            "profile", "link", "demand", "budget", "objective", "choices", "tokensPerSecond", "sessions", "priority");

    private final JsonObject json;
    private final CloudConfig config;
    private final WorkersProfile worker;
    private final Optional<JsonObject> cloud;

    FleetReader(JsonObject json, CloudConfig config, WorkersProfile worker) {
        this.json = json;
        this.config = config;
        this.worker = worker;
        List<String> fields = new ArrayList<>(List.of(PROFILES, LINKS, "quality", "cloud", DEVICES, "effort"));
        fields.addAll(SHARED);
        json.only(fields);
        cloud = json.has("cloud") ? Optional.of(json.object("cloud")) : Optional.empty();
    }

    FleetRequest request() {
        int count = json.list(DEVICES).size();
        if (count < 1 || count > FleetRequest.MOST_DEVICES) {
            throw json.unexpected(DEVICES, "a list of 1.." + FleetRequest.MOST_DEVICES + " devices");
        }
        Map<String, ComputeProfile> profiles = named(PROFILES, ComputeFile::read);
        Map<String, LinkProfile> links = named(LINKS, LinkFile::read);
        QualityProfile quality = Requests.part(json, "quality", QualityFile::read);
        Capacity capacity = capacity();
        ComputeProfile there = cloudProfile();
        List<FleetDevice> devices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            JsonObject element = json.element(DEVICES, i);
            devices.add(
                    Requests.within(DEVICES + "[" + i + "]", () -> device(element, profiles, links, quality, there)));
        }
        return new FleetRequest(devices, capacity, effort());
    }

    private <T> Map<String, T> named(String field, Function<JsonObject, T> reader) {
        JsonObject all = json.object(field);
        if (all.fields().isEmpty() || all.fields().size() > MOST_NAMED) {
            throw json.unexpected(field, "1.." + MOST_NAMED + " of them by name");
        }
        Map<String, T> named = new HashMap<>();
        for (String name : all.fields().keySet()) {
            named.put(name, Requests.within(field, () -> Requests.part(all, name, reader)));
        }
        return named;
    }

    private Capacity capacity() {
        cloud.ifPresent(asked -> asked.only(List.of("profile", "threads", "utilisation", "kvBytes", "sessions")));
        CloudConfig.Worker own = config.worker();
        int threads = own.threads().orElse(Math.min(256, Runtime.getRuntime().availableProcessors()));
        double utilisation = config.fleet().utilisation();
        long kv = own.kvMemory().asLongValue();
        return new Capacity(
                cloud.map(asked -> asked.int32("threads", 1, 1 << 16, threads)).orElse(threads),
                cloud.map(asked -> asked.number("utilisation", 0.01, 1, utilisation))
                        .orElse(utilisation),
                cloud.map(asked -> asked.integer("kvBytes", 0, 1L << 50, kv)).orElse(kv),
                cloud.map(asked -> asked.int32("sessions", 0, 1 << 24, own.maxSessions()))
                        .orElse(own.maxSessions()));
    }

    private ComputeProfile cloudProfile() {
        return cloud.filter(asked -> asked.has("profile"))
                .map(asked -> Requests.within("cloud", () -> Requests.part(asked, "profile", ComputeFile::read)))
                .orElseGet(() -> worker.get("cloud.profile"));
    }

    private FleetRequest.Effort effort() {
        long most = config.fleet().timeLimit().toMillis();
        double gap = config.fleet().gap();
        if (!json.has("effort")) {
            return new FleetRequest.Effort(Duration.ofMillis(most), gap);
        }
        JsonObject effort = json.object("effort");
        effort.only(List.of("timeMillis", "gap"));
        return new FleetRequest.Effort(
                Duration.ofMillis(effort.integer("timeMillis", 1, most, most)), effort.number("gap", 0, 1, gap));
    }

    private FleetDevice device(
            JsonObject own,
            Map<String, ComputeProfile> profiles,
            Map<String, LinkProfile> links,
            QualityProfile quality,
            ComputeProfile there) {
        List<String> fields = new ArrayList<>(SHARED);
        fields.add("name");
        own.only(fields);
        String name = own.string("name");
        if (name.isEmpty() || name.length() > MOST_TEXT) {
            throw own.unexpected("name", "a text of 1.." + MOST_TEXT + " characters");
        }
        PlanRequest request = Requests.bounded(new PlanRequest(
                chosen(own, "profile", profiles, PROFILES),
                there,
                chosen(own, "link", links, LINKS),
                quality,
                Requests.part(of(own, "demand"), "demand", RequestFile::demand),
                Requests.budget(of(own, "budget")),
                Requests.choices(of(own, "choices")),
                Requests.objective(of(own, "objective"))));
        return new FleetDevice(
                name,
                request,
                of(own, "tokensPerSecond").number("tokensPerSecond", 1e-6, 1e6),
                of(own, "sessions").int32("sessions", 1, 1 << 16, 1),
                of(own, "priority").int32("priority", 1, 1000, 1));
    }

    private JsonObject of(JsonObject own, String field) {
        return own.has(field) ? own : json;
    }

    private <T> T chosen(JsonObject own, String field, Map<String, T> named, String among) {
        JsonObject holder = of(own, field);
        T found = named.get(holder.string(field));
        if (found == null) {
            throw holder.unexpected(field, "the name of one of " + among);
        }
        return found;
    }
}
