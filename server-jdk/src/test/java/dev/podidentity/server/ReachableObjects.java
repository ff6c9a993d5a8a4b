package dev.podidentity.server;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** This library's own objects that can be reached from some, through fields of any visibility. */
final class ReachableObjects {
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Object> toSee = new ArrayDeque<>();

  private ReachableObjects() {}

  static List<Object> from(Object... roots) throws IllegalAccessException {
    return all(roots).stream().filter(ReachableObjects::isOwn).toList();
  }

  /** What this library's own objects hold of another one's type. */
  static <T> List<T> heldBy(Class<T> type, Object... roots) throws IllegalAccessException {
    return all(roots).stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static Set<Object> all(Object... roots) throws IllegalAccessException {
    var all = new ReachableObjects();
    for (Object root : roots) {
      all.meet(root);
    }
    while (!all.toSee.isEmpty()) {
      all.open(all.toSee.remove());
    }
    return all.seen;
  }

  private static boolean isOwn(Object object) {
    return object.getClass().getName().startsWith("dev.podidentity.");
  }

  private void meet(@Nullable Object object) {
    if (object != null && seen.add(object)) {
      toSee.add(object);
    }
  }

  private void open(Object object) throws IllegalAccessException {
    if (object instanceof Map<?, ?> map) {
      map.keySet().forEach(this::meet);
      map.values().forEach(this::meet);
    } else if (object instanceof Collection<?> collection) {
      collection.forEach(this::meet);
    } else if (object instanceof Optional<?> optional) {
      optional.ifPresent(this::meet);
    } else if (object instanceof AtomicReference<?> reference) {
      meet(reference.get());
    } else if (object instanceof CompletableFuture<?> future && future.isDone()) {
      meet(future.isCompletedExceptionally() ? null : future.join());
    } else if (object instanceof Object[]) {
      for (int i = 0; i < Array.getLength(object); i++) {
        meet(Array.get(object, i));
      }
    } else if (isOwn(object)) {
      openFields(object);
    }
  }

  private void openFields(Object object) throws IllegalAccessException {
    for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        boolean held = !Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive();
        if (held && type.getName().startsWith("dev.podidentity.")) {
          field.setAccessible(true);
          meet(field.get(object));
        }
      }
    }
  }
}
