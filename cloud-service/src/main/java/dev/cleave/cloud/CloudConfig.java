package dev.cleave.cloud;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The settings of the cloud service, as its users write them: {@code -Dcleave.bundle=…}, or {@code CLEAVE_BUNDLE=…}. */
@ConfigMapping(prefix = "cleave")
public interface CloudConfig {
    /** Folder of the prepared model that the worker serves. Required. */
    Optional<Path> bundle();

    /** Whether the bundle's files are read at the start and compared with the sha256 that it states. */
    @WithDefault("true")
    boolean verifyBundle();

    /**
     * File that appears when everything is up: {@code {"brokerUri":…,"httpPort":…,"pid":…,"worker":…}}. It is removed when
     * the service stops. None by default.
     */
    Optional<Path> readyFile();

    /** Whether the service stops when standard input ends or the process that started it is gone. */
    @WithDefault("false")
    boolean exitWithParent();

    /** How long open sessions may go on after the service was told to stop, at most 1h; without sessions it stops at once. */
    @WithDefault("2s")
    Duration grace();

    /** The broker. */
    Broker broker();

    /** The worker. */
    Worker worker();

    /** Planning over HTTP. */
    Api api();

    /** Plans for fleets. */
    Fleet fleet();

    /** Who may ask over HTTP, and how much. */
    interface Api {
        /**
         * What a request must carry as {@code Authorization: Bearer …}. Without it the API answers this machine alone, and nobody
         * where HTTP listens elsewhere. It is never logged; prefer the environment, {@code CLEAVE_API_TOKEN}.
         */
        Optional<String> token();

        /** Greatest body of a request, at most {@code 64M}. */
        @WithDefault("4M")
        MemorySize maxBody();
    }

    /** What a fleet's plan may take, and how good it is to be. */
    interface Fleet {
        /** Time for the solver, 10ms..1h. */
        @WithDefault("10s")
        Duration timeLimit();

        /** Distance of the costs from the least possible, relative, at which the solver leaves off, 0..1. */
        @WithDefault("0.001")
        double gap();

        /** Share of the worker's time that is given away, 0.01..1. */
        @WithDefault("0.7")
        double utilisation();
    }

    /** Which MQTT 5 broker carries the sessions. */
    interface Broker {
        /** {@code tcp://host:port} or {@code ssl://host:port} of a broker; empty starts the embedded one. */
        Optional<String> url();

        /** Login. The embedded broker demands it of everybody where it is set. */
        Optional<String> user();

        /** The login's secret. It is never logged; prefer the environment, {@code CLEAVE_BROKER_PASSWORD}. */
        Optional<String> password();

        /** Certificates that a TLS broker's must lead to: a PEM file or a key store; by default those of the Java runtime. */
        Optional<Path> trust();

        /** PEM file of the certificate by which a TLS broker knows the worker, with those between it and its authority. */
        Optional<Path> certificate();

        /** PEM file of the certificate's private key, not encrypted; by default it stands in the certificate's file. */
        Optional<Path> key();

        /** Whether the password may cross a network without TLS. */
        @WithDefault("false")
        boolean plainPassword();

        /** Loopback address on which the embedded broker listens. */
        @WithDefault("127.0.0.1")
        String host();

        /** Port of the embedded broker; 0 takes any that is free. */
        @WithDefault("1883")
        int port();
    }

    /** How much the worker takes on. */
    interface Worker {
        /** Name, [A-Za-z0-9_-], at most 16 characters, unique at its broker; by default made, unique, of the host's name. */
        Optional<String> name();

        /** Sessions at once, 1..10000. A full worker takes no openings until one ends. */
        @WithDefault("64")
        int maxSessions();

        /**
         * Bytes that all sessions may take together, with {@code K}, {@code M} or {@code G} behind: KV caches, and with them
         * workspaces, logits and steps under way.
         */
        @WithDefault("1G")
        MemorySize kvMemory();

        /** Tokens, prompt and answer together, that one session may ask for; by default the model's context. */
        Optional<Integer> maxLength();

        /** Steps that are computed at the same time, 1..256; by default one for each processor. */
        Optional<Integer> threads();

        /** Threads that share one step's work inside the engine, 1..256. */
        @WithDefault("1")
        int engineThreads();

        /** Time without a step after which a session is ended and its KV cache freed, 1s..24h. */
        @WithDefault("5m")
        Duration idleTimeout();

        /** Whether the worker measures its machine after the start, and publishes what it found. */
        @WithDefault("true")
        boolean profile();

        /** File that is read in place of measuring where it exists, and else written. None by default. */
        Optional<Path> profileFile();

        /** A step or an opening that runs for longer makes the liveness check fail. */
        @WithDefault("2m")
        Duration stuckAfter();
    }
}
