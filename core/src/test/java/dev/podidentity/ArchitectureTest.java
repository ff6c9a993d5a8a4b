package dev.podidentity;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.podidentity");

  @Test
  void hasNoCyclesBetweenPackages() {
    slices().matching("dev.podidentity.(*)..").should().beFreeOfCycles().check(CORE);
  }

  @Test
  void keepsTheAwsSdkInItsOwnPackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.podidentity.awssdk..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("software.amazon..")
        .check(CORE);
  }

  @Test
  void keepsHttpServersOut() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.sun.net.httpserver..")
        .check(CORE);
  }

  @Test
  void pointsArrowsOneWay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("json")
        .definedBy("dev.podidentity.json")
        .layer("http")
        .definedBy("dev.podidentity.http")
        .layer("token")
        .definedBy("dev.podidentity.token")
        .layer("association")
        .definedBy("dev.podidentity.association")
        .layer("binding")
        .definedBy("dev.podidentity.binding")
        .layer("storage")
        .definedBy("dev.podidentity.storage")
        .layer("add-on configuration")
        .definedBy("dev.podidentity.addon.configuration")
        .layer("add-on versions")
        .definedBy("dev.podidentity.addon.version")
        .layer("add-on")
        .definedBy("dev.podidentity.addon")
        .layer("add-on rollout")
        .definedBy("dev.podidentity.addon.rollout")
        .layer("schedule")
        .definedBy("dev.podidentity.schedule")
        .layer("credential")
        .definedBy("dev.podidentity.credential")
        .layer("limit")
        .definedBy("dev.podidentity.limit")
        .layer("cache")
        .definedBy("dev.podidentity.credential.cache")
        .layer("agent")
        .definedBy("dev.podidentity")
        .layer("audit")
        .definedBy("dev.podidentity.audit")
        .layer("instance metadata")
        .definedBy("dev.podidentity.imds")
        .layer("kubernetes")
        .definedBy("dev.podidentity.kubernetes")
        .layer("local")
        .definedBy("dev.podidentity.local")
        .layer("pod")
        .definedBy("dev.podidentity.pod")
        .layer("client")
        .definedBy("dev.podidentity.client")
        .layer("doctor")
        .definedBy("dev.podidentity.doctor")
        .layer("awssdk")
        .definedBy("dev.podidentity.awssdk")
        .layer("eksauth")
        .definedBy("dev.podidentity.awssdk.eksauth")
        .whereLayer("token")
        .mayOnlyAccessLayers("schedule", "json")
        .whereLayer("association")
        .mayOnlyAccessLayers("credential", "schedule", "storage", "token", "json")
        .whereLayer("binding")
        .mayNotAccessAnyLayer()
        .whereLayer("storage")
        .mayNotAccessAnyLayer()
        .whereLayer("add-on configuration")
        .mayOnlyAccessLayers("binding", "json")
        .whereLayer("add-on versions")
        .mayOnlyAccessLayers("json")
        .whereLayer("add-on")
        .mayOnlyAccessLayers("add-on configuration", "add-on versions", "association")
        .whereLayer("add-on rollout")
        .mayOnlyAccessLayers(
            "add-on",
            "add-on configuration",
            "add-on versions",
            "association",
            "json",
            "schedule",
            "storage")
        .whereLayer("schedule")
        .mayNotAccessAnyLayer()
        .whereLayer("credential")
        .mayOnlyAccessLayers("token")
        .whereLayer("cache")
        .mayOnlyAccessLayers("credential", "limit", "schedule", "token")
        .whereLayer("limit")
        .mayNotAccessAnyLayer()
        .whereLayer("agent")
        .mayOnlyAccessLayers("binding", "credential", "limit", "schedule", "token")
        .whereLayer("audit")
        .mayOnlyAccessLayers("agent", "credential", "limit", "schedule", "token")
        .whereLayer("http")
        .mayOnlyAccessLayers("binding")
        .whereLayer("instance metadata")
        .mayOnlyAccessLayers("credential", "schedule", "token", "json", "http")
        .whereLayer("kubernetes")
        .mayOnlyAccessLayers("binding", "token", "http")
        .whereLayer("local")
        .mayOnlyAccessLayers("association", "credential", "token", "storage", "json")
        .whereLayer("pod")
        .mayNotAccessAnyLayer()
        .whereLayer("client")
        .mayOnlyAccessLayers("pod", "binding", "token", "json", "http")
        .whereLayer("doctor")
        .mayOnlyAccessLayers("client", "pod", "binding", "token", "json", "http")
        .whereLayer("awssdk")
        .mayOnlyAccessLayers("client", "pod", "http")
        .whereLayer("eksauth")
        .mayOnlyAccessLayers("credential", "schedule", "token", "json", "binding", "http")
        .check(CORE);
  }
}
