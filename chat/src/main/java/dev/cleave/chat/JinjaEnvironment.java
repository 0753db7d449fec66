package dev.cleave.chat;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaProcessors;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.Context.Library;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.Importable;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Renders Jinja with what chat templates need, checked to do what Jinja2 does, and nothing else. */
final class JinjaEnvironment {
    private static final int MAX_CHARACTERS = 8 << 20;
    private static final int MAX_ELEMENTS = 100_000;
    private static final int MAX_RANGE = 1000;
    private static final int MAX_DEPTH = 32;
    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final Set<String> TAGS = Set.of(
            "if", "elif", "else", "endif", "for", "endfor", "set", "endset", "macro", "endmacro", "break", "continue");
    private static final Set<String> FILTERS = Set.of(
            "trim",
            "length",
            "count",
            "upper",
            "lower",
            "capitalize",
            "string",
            "int",
            "list",
            "first",
            "last",
            "join",
            "replace",
            "default",
            "d",
            "map",
            "selectattr",
            "rejectattr",
            "safe",
            "reverse");
    private static final Set<String> FUNCTIONS = Set.of("range", "namespace");

    private static final Jinjava JINJAVA = jinjava();
    private static final Map<Library, Set<String>> DISABLED = disabled();

    private JinjaEnvironment() {}

    /** Ends a rendering at once: errors pass where exceptions would be noted and the rest rendered. */
    private static final class TimeIsUp extends Error {
        private static final long serialVersionUID = 1L;

        TimeIsUp() {
            super("time is up", null, false, false);
        }
    }

    /**
     * Renders a template that {@link JinjaDialect} wrote.
     *
     * @throws ModelException with {@code UNSUPPORTED}, saying what the template did
     */
    static String render(String template, Map<String, Object> variables) {
        if (template.length() > MAX_CHARACTERS) {
            throw unsupported("it has " + template.length() + " characters, more than " + MAX_CHARACTERS);
        }
        long end = System.nanoTime() + MAX_NANOS;
        RenderResult result;
        try {
            result = JINJAVA.renderForResult(template, variables, config(end));
        } catch (TimeIsUp e) {
            throw unsupported("it takes more than " + TimeUnit.NANOSECONDS.toSeconds(MAX_NANOS) + " s");
        } catch (StackOverflowError e) {
            throw unsupported("it is nested too deeply");
        }
        List<TemplateError> errors = new ArrayList<>(result.getErrors());
        if (errors.isEmpty()) {
            return result.getOutput();
        }
        for (TemplateError error : errors) {
            for (Throwable cause = error.getException(); cause != null; cause = cause.getCause()) {
                if (cause instanceof TemplateRefusal refusal) {
                    throw refused(refusal);
                }
            }
        }
        throw unsupported(errors.get(0).getMessage());
    }

    private static ModelException refused(TemplateRefusal refusal) {
        return refusal.byTemplate()
                ? new ModelException(
                        Reason.UNSUPPORTED,
                        "the model's chat template refuses the conversation: " + refusal.getMessage())
                : unsupported(refusal.getMessage() + " is not supported");
    }

    private static ModelException unsupported(String why) {
        return new ModelException(
                Reason.UNSUPPORTED,
                "the model's chat template cannot be rendered: " + why
                        + ". Without a template, the prompt goes to the model" + " as it is (--raw)");
    }

    private static Jinjava jinjava() {
        Jinjava jinjava = new Jinjava();
        jinjava.registerFilter(new PythonTrimFilter());
        jinjava.registerFunction(
                new ELFunctionDefinition("", "raise_exception", TemplateRefusal.class, "raise", String.class));
        jinjava.registerFunction(new ELFunctionDefinition(
                "", TemplateRefusal.UNSUPPORTED, TemplateRefusal.class, "unsupported", String.class));
        return jinjava;
    }

    private static JinjavaConfig config(long end) {
        return JinjavaConfig.newBuilder()
                .withKeepTrailingNewline(true)
                // What people write must never be read as a template.
                .withNestedInterpretationEnabled(false)
                .withLegacyOverrides(LegacyOverrides.newBuilder()
                        .withEvaluateMapKeys(true)
                        .withIterateOverMapKeys(true)
                        .withUsePyishObjectMapper(true)
                        .withUseNaturalOperatorPrecedence(true)
                        .withParseWhitespaceControlStrictly(true)
                        .withAllowAdjacentTextNodes(true)
                        .withUseTrimmingForNotesAndExpressions(true)
                        .withKeepNullableLoopValues(true)
                        .withHandleBackslashInQuotesOnly(true)
                        .build())
                .withElResolver(PythonResolver.chain())
                .withDisabled(DISABLED)
                .withProcessors(JinjavaProcessors.newBuilder()
                        .withNodePreProcessor((node, interpreter) -> {
                            if (System.nanoTime() - end > 0) {
                                throw new TimeIsUp();
                            }
                        })
                        .build())
                .withMaxOutputSize(MAX_CHARACTERS)
                .withMaxStringLength(MAX_CHARACTERS)
                .withMaxListSize(MAX_ELEMENTS)
                .withMaxMapSize(MAX_ELEMENTS)
                .withRangeLimit(MAX_RANGE)
                .withMaxRenderDepth(MAX_DEPTH)
                .build();
    }

    private static Map<Library, Set<String>> disabled() {
        Context all = new Jinjava().getGlobalContext();
        Map<Library, Set<String>> disabled = new EnumMap<>(Library.class);
        disabled.put(Library.TAG, others(all.getAllTags(), TAGS));
        disabled.put(Library.FILTER, others(all.getAllFilters(), FILTERS));
        disabled.put(Library.FUNCTION, others(all.getAllFunctions(), FUNCTIONS));
        return disabled;
    }

    private static Set<String> others(Collection<? extends Importable> all, Set<String> kept) {
        Set<String> others = new LinkedHashSet<>();
        for (Importable one : all) {
            // Functions without a name space are written with a colon in front.
            String name = one.getName().startsWith(":") ? one.getName().substring(1) : one.getName();
            if (!kept.contains(name)) {
                others.add(one.getName());
                others.add(name);
            }
        }
        return others;
    }
}
