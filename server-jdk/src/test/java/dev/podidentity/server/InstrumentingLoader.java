package dev.podidentity.server;

import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassReader;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassWriter;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.MethodVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Opcodes;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Type;
import java.io.IOException;
import java.io.InputStream;

/**
 * Loads this library's classes anew, each told to say which of its methods are entered and which
 * locks it takes: monitors, synchronized methods, and {@code lock} and {@code tryLock} of {@code
 * java.util.concurrent}. What libraries and the JDK do for themselves is not counted.
 */
final class InstrumentingLoader extends ClassLoader {
  private static final String OWN = "dev.podidentity.";
  private static final String LOCKS = "java/util/concurrent/locks/";

  InstrumentingLoader() {
    super(InstrumentingLoader.class.getClassLoader());
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OWN) || name.equals(Observations.class.getName())) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      var writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
      new ClassReader(in.readAllBytes()).accept(new Instrumented(writer, name), 0);
      byte[] code = writer.toByteArray();
      return defineClass(name, code, 0, code.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  private static final class Instrumented extends ClassVisitor {
    private final String name;

    Instrumented(ClassVisitor next, String name) {
      super(Opcodes.ASM9, next);
      this.name = name;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String method, String descriptor, String signature, String[] exceptions) {
      MethodVisitor next = super.visitMethod(access, method, descriptor, signature, exceptions);
      boolean takesLock = (access & Opcodes.ACC_SYNCHRONIZED) != 0;
      return new Method(next, name, name + "." + method, takesLock);
    }
  }

  private static final class Method extends MethodVisitor {
    private final String className;
    private final String name;
    private final boolean takesLock;

    Method(MethodVisitor next, String className, String name, boolean takesLock) {
      super(Opcodes.ASM9, next);
      this.className = className;
      this.name = name;
      this.takesLock = takesLock;
    }

    @Override
    public void visitCode() {
      super.visitCode();
      tell("entered", className);
      if (takesLock) {
        tell("locked", name);
      }
    }

    @Override
    public void visitInsn(int opcode) {
      if (opcode == Opcodes.MONITORENTER) {
        tell("locked", name);
      }
      super.visitInsn(opcode);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String method, String descriptor, boolean ofInterface) {
      if (owner.startsWith(LOCKS) && (method.equals("lock") || method.equals("tryLock"))) {
        tell("locked", name);
      }
      super.visitMethodInsn(opcode, owner, method, descriptor, ofInterface);
    }

    private void tell(String what, String text) {
      super.visitLdcInsn(text);
      super.visitMethodInsn(
          Opcodes.INVOKESTATIC,
          Type.getInternalName(Observations.class),
          what,
          "(Ljava/lang/String;)V",
          false);
    }
  }
}
