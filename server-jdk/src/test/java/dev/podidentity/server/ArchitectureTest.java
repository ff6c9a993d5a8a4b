package dev.podidentity.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses SERVER =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.podidentity.server");

  @Test
  void hasNoCyclesBetweenPackages() {
    slices().matching("dev.podidentity.server.(*)..").should().beFreeOfCycles().check(SERVER);
  }

  @Test
  void knowsNothingOfTheAwsSdk() {
    noClasses().should().dependOnClassesThat().resideInAPackage("software.amazon..").check(SERVER);
  }

  @Test
  void usesTheServersApiAndNotItsImplementation() {
    noClasses().should().dependOnClassesThat().resideInAPackage("sun..").check(SERVER);
  }

  @Test
  void sharesItsHttpAndNothingElse() {
    noClasses()
        .that()
        .resideInAPackage("dev.podidentity.server.http")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.podidentity.server",
            "dev.podidentity.server.local",
            "dev.podidentity.server.operations")
        .check(SERVER);
    noClasses()
        .that()
        .resideInAPackage("dev.podidentity.server")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.podidentity.server.local",
            "dev.podidentity.server.operations",
            "dev.podidentity.server.metrics")
        .check(SERVER);
  }

  @Test
  void keepsPrometheusInThePackageForMetrics() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.podidentity.server.metrics")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.prometheus..", "dev.podidentity.server.metrics")
        .check(SERVER);
  }
}
