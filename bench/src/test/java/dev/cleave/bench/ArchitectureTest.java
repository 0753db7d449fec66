package dev.cleave.bench;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.cleave.codec.CodecException;
import dev.cleave.codec.Decoder;
import dev.cleave.codec.Encoder;
import dev.cleave.codec.tuned.Calibration;
import dev.cleave.codec.tuned.CalibrationBuilder;
import dev.cleave.codec.tuned.CalibrationFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dependencies point one way: a module knows its neighbours, the libraries that it exists to use, and nothing else. */
class ArchitectureTest {
    private static final String[] JDK = {"java.."};

    /** The table of docs/architecture.md, with the libraries that each module may touch. */
    enum Module {
        PROTO("proto", "dev.cleave.proto..", List.of(), "com.google.protobuf.."),
        CODEC("codec", "dev.cleave.codec..", List.of()),
        MODEL("model", "dev.cleave.model..", List.of(), "com.fasterxml.jackson.core.."),
        ENGINE_ONNX(
                "engine-onnx",
                "dev.cleave.engine.onnx..",
                List.of("dev.cleave.model..", "dev.cleave.proto.onnx.."),
                "ai.onnxruntime..",
                "com.google.protobuf.."),
        TRANSPORT(
                "transport",
                "dev.cleave.transport..",
                List.of("dev.cleave.proto"),
                "org.eclipse.paho..",
                "com.google.protobuf..",
                "javax.net.."),
        OPTIMIZER("optimizer", "dev.cleave.optimizer..", List.of("dev.cleave.codec..", "dev.cleave.model..")),
        GENERATION(
                "generation",
                "dev.cleave.generation..",
                List.of(
                        "dev.cleave.codec..",
                        "dev.cleave.model..",
                        "dev.cleave.transport..",
                        "dev.cleave.optimizer..")),
        CHAT("chat", "dev.cleave.chat..", List.of("dev.cleave.model..")),
        EDGE_AGENT(
                "edge-agent",
                "dev.cleave.edge..",
                List.of(
                        "dev.cleave.generation..",
                        "dev.cleave.optimizer..",
                        "dev.cleave.codec..",
                        "dev.cleave.model..",
                        "dev.cleave.transport.."),
                "picocli..",
                "me.tongfei.progressbar..",
                "org.jline.."),
        QUALITY(
                "quality",
                "dev.cleave.quality..",
                List.of(
                        "dev.cleave.generation..",
                        "dev.cleave.optimizer..",
                        "dev.cleave.codec..",
                        "dev.cleave.model..",
                        "dev.cleave.transport.."),
                "org.ejml.."),
        WORKBENCH(
                "workbench",
                "dev.cleave.workbench..",
                List.of(
                        "dev.cleave.edge..",
                        "dev.cleave.quality..",
                        "dev.cleave.generation..",
                        "dev.cleave.optimizer..",
                        "dev.cleave.codec..",
                        "dev.cleave.model..",
                        "dev.cleave.transport..",
                        "dev.cleave.chat.."),
                "picocli..",
                "org.knowm.xchart.."),
        CLOUD_SERVICE(
                "cloud-service",
                "dev.cleave.cloud..",
                List.of(
                        "dev.cleave.optimizer..",
                        "dev.cleave.codec..",
                        "dev.cleave.model..",
                        "dev.cleave.transport..",
                        "dev.cleave.engine.onnx..",
                        "dev.cleave.chat.."),
                "jakarta..",
                "javax.security.auth..",
                "io.quarkus..",
                "io.smallrye..",
                "io.micrometer..",
                "io.vertx..",
                "org.eclipse.microprofile..",
                "org.jboss..",
                "org.apache.activemq..",
                "org.apache.artemis..",
                "com.google.ortools..",
                "com.fasterxml.jackson.core..");

        private final String folder;
        private final String packages;
        private final String[] allowed;

        Module(String folder, String packages, List<String> modules, String... libraries) {
            this.folder = folder;
            this.packages = packages;
            this.allowed = Stream.of(Stream.of(JDK), Stream.of(packages), modules.stream(), Arrays.stream(libraries))
                    .flatMap(names -> names)
                    .toArray(String[]::new);
        }
    }

    private static JavaClasses all;

    @BeforeAll
    static void readTheClassesOfEveryModule() {
        Path root = Path.of(System.getProperty("cleave.root"));
        all = new ClassFileImporter()
                .importPaths(Stream.of(Module.values())
                        .map(module -> root.resolve(module.folder).resolve("target/classes"))
                        .toList());
    }

    @ParameterizedTest
    @EnumSource(Module.class)
    void aModuleKnowsOnlyItsNeighbours(Module module) {
        assertThat(all.stream().filter(resideInAnyPackage(module.packages)))
                .as("classes of %s", module.folder)
                .hasSizeGreaterThan(1);
        classes()
                .that()
                .resideInAPackage(module.packages)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(module.allowed).or(isPrimitiveArray()))
                .because("the table of modules says so")
                .check(all);
    }

    /** What chooses is a pure function: it knows neither files nor engines. */
    @ParameterizedTest
    @ValueSource(strings = {"dev.cleave.optimizer", "dev.cleave.optimizer.profile..", "dev.cleave.optimizer.plan.."})
    void thePlannerIsPure(String packages) {
        noClasses()
                .that()
                .resideInAPackage(packages)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..",
                        "java.nio..",
                        "java.time..",
                        "dev.cleave.codec..",
                        "dev.cleave.model..",
                        "dev.cleave.optimizer.file..",
                        "dev.cleave.optimizer.measure..")
                .check(all);
    }

    /** An engine is found on the class path: what runs on a board names none. */
    @Test
    void theEdgeAgentNamesNoEngineAndNoTemplateLibrary() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.cleave.edge..", "dev.cleave.quality..", "dev.cleave.generation..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.cleave.engine..", "ai.onnxruntime..", "dev.cleave.chat..")
                .check(all);
    }

    /** Text grows by backends, backends by the link; never the other way. */
    @Test
    void theLinkKnowsNoBackendAndABackendNoLoop() {
        noClasses()
                .that()
                .resideInAPackage("dev.cleave.generation.link..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.cleave.generation.backend..", "dev.cleave.generation.loop..")
                .check(all);
        noClasses()
                .that()
                .resideInAPackage("dev.cleave.generation.backend..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.cleave.generation.loop..")
                .check(all);
    }

    /** The solver's natives are a fleet's alone: nothing else may load them. */
    @Test
    void onlyAFleetIsSolvedFor() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.cleave.cloud.fleet..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.google.ortools..")
                .check(all);
    }

    @Test
    void internalPackagesAreTheirModulesOwn() {
        for (Module module : Module.values()) {
            noClasses()
                    .that()
                    .resideOutsideOfPackage(module.packages)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(module.packages.replace("..", "..internal.."))
                    .check(all);
        }
    }

    /** Others see the codec's levels, and of its parts a calibration. */
    @Test
    void theCodecsPartsAreItsOwn() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.cleave.codec..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.cleave.codec.(*)..")
                        .and(not(belongToAnyOf(Calibration.class, CalibrationBuilder.class, CalibrationFile.class))))
                .check(all);
    }

    /** Levels are made of the codec's parts, which know none of them. */
    @Test
    void theCodecsPartsKnowNoLevels() {
        noClasses()
                .that()
                .resideInAPackage("dev.cleave.codec.(*)..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.cleave.codec")
                        .and(not(belongToAnyOf(Encoder.class, Decoder.class, CodecException.class))))
                .check(all);
    }

    @Test
    void packagesFormNoCycles() {
        for (Module module : Module.values()) {
            slices().matching(module.packages.replace("..", ".(*).."))
                    .should()
                    .beFreeOfCycles()
                    .allowEmptyShould(true)
                    .check(all);
        }
    }

    private static DescribedPredicate<JavaClass> isPrimitiveArray() {
        return DescribedPredicate.describe(
                "primitives and their arrays",
                type -> type.getBaseComponentType().isPrimitive());
    }
}
