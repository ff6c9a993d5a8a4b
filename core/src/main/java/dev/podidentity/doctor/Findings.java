package dev.podidentity.doctor;

import dev.podidentity.client.AgentFailure;
import dev.podidentity.doctor.Finding.Code;
import java.util.ArrayList;
import java.util.List;

/** What has been found so far. */
final class Findings {
  private final List<Finding> all = new ArrayList<>();

  void good(Code code, String what) {
    all.add(new Finding(code, what, ""));
  }

  void add(Code code, String what, String remedy) {
    all.add(new Finding(code, what, remedy));
  }

  void add(Code code, AgentFailure failure) {
    all.add(new Finding(code, failure.what(), failure.remedy()));
  }

  Diagnosis diagnosis() {
    return new Diagnosis(all);
  }
}
