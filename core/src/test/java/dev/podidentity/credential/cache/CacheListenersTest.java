package dev.podidentity.credential.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CacheListenersTest {
  @Test
  void tellsEachListenerEachEventWhateverAnotherOneDoes() throws Exception {
    var told = new ArrayList<String>();
    CacheListener broken =
        listener(
            event -> {
              throw new IllegalStateException(event);
            });
    CacheListener all = CacheListener.all(broken, listener(told::add));
    List<Method> events =
        Arrays.stream(CacheListener.class.getDeclaredMethods())
            .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isSynthetic())
            .toList();

    for (Method event : events) {
      Throwable thrown = catchThrowable(() -> call(all, event));
      assertThat(thrown).isInstanceOf(IllegalStateException.class).hasMessage(event.getName());
    }

    assertThat(events).hasSizeGreaterThanOrEqualTo(12);
    assertThat(told).containsExactlyElementsOf(events.stream().map(Method::getName).toList());
  }

  private interface Told {
    void event(String name);
  }

  private static CacheListener listener(Told told) {
    return (CacheListener)
        Proxy.newProxyInstance(
            CacheListener.class.getClassLoader(),
            new Class<?>[] {CacheListener.class},
            (proxy, method, arguments) -> {
              told.event(method.getName());
              return null;
            });
  }

  private static void call(CacheListener listener, Method event) throws Throwable {
    Object[] arguments =
        Arrays.stream(event.getParameterTypes())
            .map(type -> type == long.class ? (Object) 1L : null)
            .toArray();
    try {
      event.invoke(listener, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
