package dev.cleave.cloud.api;

import dev.cleave.cloud.fleet.FleetAnswer;
import dev.cleave.cloud.fleet.FleetAnswer.NoRoom;
import dev.cleave.cloud.fleet.FleetAnswer.Outcome;
import dev.cleave.cloud.fleet.FleetAnswer.OverBudget;
import dev.cleave.cloud.fleet.FleetAnswer.Served;
import dev.cleave.cloud.fleet.Load;
import dev.cleave.cloud.fleet.Resource;
import dev.cleave.optimizer.file.PlanFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** A fleet's answer as JSON. */
final class FleetText {
    private static final double MICROS = 1e3;

    private FleetText() {}

    static Map<String, Object> tree(FleetAnswer answer) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("format", "cleave-fleet-plan");
        fields.put("version", 1);
        fields.put("total", total(answer));
        Map<String, Object> capacity = new LinkedHashMap<>();
        for (Resource resource : Resource.values()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("used", amount(resource, answer.used().of(resource)));
            row.put("limit", amount(resource, answer.limit().of(resource)));
            capacity.put(name(resource), row);
        }
        fields.put("capacity", capacity);
        List<Object> devices = new ArrayList<>();
        answer.devices().forEach(outcome -> devices.add(outcome(outcome)));
        fields.put("devices", devices);
        return fields;
    }

    private static Map<String, Object> total(FleetAnswer answer) {
        FleetAnswer.Total total = answer.total();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("devices", answer.devices().size());
        fields.put("served", total.served());
        fields.put("weight", total.weight());
        fields.put("weightBound", total.weightBound());
        fields.put("cost", total.cost());
        fields.put("costBound", number(total.costBound()));
        fields.put("gap", number(total.gap()));
        fields.put("differentRequests", total.kinds());
        fields.put("candidatesLeftOut", total.leftOut());
        return fields;
    }

    private static Object number(OptionalDouble value) {
        return value.isPresent() ? (Object) value.getAsDouble() : null;
    }

    private static Map<String, Object> outcome(Outcome outcome) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", outcome.name());
        fields.put("served", outcome instanceof Served);
        if (outcome instanceof Served served) {
            fields.put("plan", PlanFile.plan(served.plan()));
            fields.put("load", load(served.load()));
        } else if (outcome instanceof NoRoom none) {
            fields.put("reason", "capacity");
            fields.put("bottleneck", name(none.bottleneck()));
            Map<String, Object> more = new LinkedHashMap<>();
            none.more().forEach((resource, amount) -> more.put(name(resource), amount(resource, amount)));
            fields.put("more", more);
            fields.put("plan", PlanFile.plan(none.plan()));
        } else if (outcome instanceof OverBudget over) {
            fields.put("reason", "budget");
            fields.put("paceMillis", over.paceMillis());
            fields.put("nearest", PlanFile.nearest(over.infeasible()));
        }
        return fields;
    }

    private static Map<String, Object> load(Load load) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (Resource resource : Resource.values()) {
            fields.put(name(resource), amount(resource, load.of(resource)));
        }
        return fields;
    }

    private static Object amount(Resource resource, long value) {
        return resource == Resource.COMPUTE ? (Object) (value / MICROS) : (Object) value;
    }

    private static String name(Resource resource) {
        return switch (resource) {
            case COMPUTE -> "computeMillisPerSecond";
            case KV -> "kvBytes";
            case SESSIONS -> "sessions";
        };
    }
}
