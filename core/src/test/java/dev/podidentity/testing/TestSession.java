package dev.podidentity.testing;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** What holds in each JVM that runs tests. */
public final class TestSession implements LauncherSessionListener {
  @Override
  public void launcherSessionOpened(LauncherSession session) {
    PooledRsaKeys.use();
  }
}
