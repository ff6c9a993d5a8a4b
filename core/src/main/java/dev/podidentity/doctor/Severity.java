package dev.podidentity.doctor;

/** How bad a finding is; the later, the worse. */
public enum Severity {
  /** As it should be. */
  OK,
  /** Works for some programs, or for now. */
  WARNING,
  /** No program gets credentials like this. */
  ERROR
}
