package dev.cleave.edge;

import dev.cleave.codec.CodecException;
import dev.cleave.generation.GenerationException;
import dev.cleave.generation.PromptTooLongException;
import dev.cleave.model.ModelException;
import dev.cleave.optimizer.ProfileException;
import dev.cleave.transport.RefusalCode;
import dev.cleave.transport.TransportException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An exception in the user's words.
 *
 * @param code how the program ends for it
 * @param message one or a few lines
 */
public record Failure(ExitCode code, String message) {
    /** Translates an exception of any module. */
    public static Failure of(Throwable thrown) {
        if (thrown instanceof CliException e) {
            return new Failure(e.code(), e.getMessage());
        }
        if (thrown instanceof GenerationException e) {
            return of(e.getCause());
        }
        if (thrown instanceof PromptTooLongException e) {
            return new Failure(ExitCode.PROMPT_TOO_LONG, e.getMessage());
        }
        if (thrown instanceof ModelException e) {
            return new Failure(code(e.reason()), e.getMessage());
        }
        if (thrown instanceof ProfileException e) {
            return new Failure(ExitCode.MALFORMED_FILE, e.getMessage());
        }
        if (thrown instanceof TransportException e) {
            return new Failure(code(e), e.getMessage());
        }
        if (thrown instanceof CodecException e) {
            return new Failure(ExitCode.ENGINE, "the activations cannot be sent: " + e.getMessage());
        }
        if (thrown instanceof IOException || thrown instanceof UncheckedIOException) {
            Throwable cause = thrown instanceof UncheckedIOException ? thrown.getCause() : thrown;
            return new Failure(ExitCode.WRITE_FAILED, "a file cannot be read or written: " + cause.getMessage());
        }
        if (thrown instanceof OutOfMemoryError) {
            return new Failure(
                    ExitCode.OUT_OF_MEMORY,
                    "the program needs more memory than it may have (" + thrown.getMessage()
                            + "): give it more, for example CLEAVE_JAVA_OPTS=-Xmx1g");
        }
        return new Failure(
                ExitCode.INTERNAL,
                "a fault of the program: " + thrown + "; run it again with --debug and report what it prints");
    }

    private static ExitCode code(ModelException.Reason reason) {
        return switch (reason) {
            case NOT_FOUND -> ExitCode.NO_SUCH_MODEL;
            case NOT_A_CHECKPOINT -> ExitCode.NOT_A_CHECKPOINT;
            case UNSUPPORTED -> ExitCode.UNSUPPORTED_MODEL;
            case MALFORMED -> ExitCode.MALFORMED_FILE;
            case DAMAGED_BUNDLE -> ExitCode.DAMAGED_BUNDLE;
            case OUT_OF_RANGE -> ExitCode.OUT_OF_RANGE;
            case WRITE_FAILED -> ExitCode.WRITE_FAILED;
            case ENGINE -> ExitCode.ENGINE;
        };
    }

    private static ExitCode code(TransportException e) {
        return switch (e.reason()) {
            case BROKER_UNREACHABLE -> ExitCode.BROKER_UNREACHABLE;
            case LOGIN_REFUSED -> ExitCode.LOGIN_REFUSED;
            case NOT_AUTHORIZED -> ExitCode.NOT_AUTHORIZED;
            case BROKER_LOST -> ExitCode.BROKER_LOST;
            case PACKET_LIMIT -> ExitCode.PACKET_LIMIT;
            case INSECURE -> ExitCode.INSECURE;
            case NO_WORKER -> otherModel(e) ? ExitCode.BUNDLES_DIFFER : ExitCode.NO_WORKER;
            case REFUSED -> otherModel(e) ? ExitCode.BUNDLES_DIFFER : ExitCode.REFUSED;
            case WORKER_LOST -> ExitCode.WORKER_LOST;
            case SESSION_FAILED -> ExitCode.SESSION_FAILED;
            case PROTOCOL -> ExitCode.PROTOCOL;
            case INTERRUPTED -> ExitCode.INTERRUPTED;
        };
    }

    private static boolean otherModel(TransportException e) {
        return e.code().equals(RefusalCode.MODEL.name());
    }

    /** Returns the fields of a JSON object. */
    public Map<String, Object> json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("code", code.label());
        fields.put("exitCode", code.number());
        fields.put("message", message);
        return fields;
    }
}
