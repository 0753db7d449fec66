package dev.cleave.edge.cli;

import dev.cleave.edge.ExitCode;
import dev.cleave.edge.Failure;
import dev.cleave.edge.report.BundleTable;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.BundleFile;
import dev.cleave.model.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists bundles and checks them. */
@Command(
        name = "models",
        description = "List prepared models and check every file against its sha256.",
        sortOptions = false)
public final class ModelsCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(
            paramLabel = "MODEL",
            arity = "0..*",
            description = "Names or folders (default: all in CLEAVE_HOME/models).")
    private List<String> models = new ArrayList<>();

    @Option(names = "--no-check", description = "Check that the files are there with their sizes, and no more.")
    private boolean noCheck;

    @Mixin
    private OutputOptions output;

    /** Creates the command. */
    public ModelsCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        List<String> names = models.isEmpty() ? Models.names(context.home()) : models;
        List<Object> tree = new ArrayList<>();
        ExitCode code = ExitCode.OK;
        for (String name : names) {
            try {
                Bundle bundle = Models.open(context.home(), name);
                if (!noCheck) {
                    bundle.verify(
                            bundle.files().stream().filter(bundle::isThere).toList());
                }
                tree.add(good(bundle));
            } catch (RuntimeException e) {
                Failure failure = Failure.of(e);
                code = code == ExitCode.OK ? failure.code() : code;
                tree.add(bad(name, failure));
            }
        }
        if (output.json) {
            context.out().print(new String(JsonWriter.pretty(Map.of("models", tree)), StandardCharsets.UTF_8));
        } else if (names.isEmpty() && !output.quiet) {
            context.err()
                    .println("cleave: there are no models in " + context.home().models()
                            + " yet; make one with cleave prepare CHECKPOINT");
        }
        return code.number();
    }

    private Map<String, Object> good(Bundle bundle) {
        Map<String, Object> fields = BundleTable.json(bundle);
        fields.put("checked", !noCheck);
        List<BundleFile> missing = bundle.missing();
        fields.put("missing", missing.stream().map(BundleFile::path).toList());
        if (!output.json) {
            String part = missing.isEmpty() ? "" : "  without " + BundleTable.files(missing);
            context.out().println(BundleTable.line(bundle) + (noCheck ? "" : "  ok") + part);
        }
        return fields;
    }

    private Map<String, Object> bad(String name, Failure failure) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", name);
        fields.put("error", failure.json());
        context.err().println("cleave: " + name + ": " + failure.message());
        return fields;
    }
}
