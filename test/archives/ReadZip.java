import java.io.FileInputStream;
import java.io.InputStream;
import java.util.Enumeration;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/** Reads a ZIP as Java's jar does, once by its directory and once from front to back, and prints how many files it has. */
class ReadZip {
    public static void main(String[] arguments) throws Exception {
        byte[] buffer = new byte[1 << 18];
        int byDirectory = 0;
        try (ZipFile zip = new ZipFile(arguments[0])) {
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                CRC32 crc = new CRC32();
                long size = 0;
                try (InputStream content = zip.getInputStream(entry)) {
                    for (int count; (count = content.read(buffer)) >= 0; size += count) crc.update(buffer, 0, count);
                }
                if (size != entry.getSize() || crc.getValue() != entry.getCrc()) throw new Exception(entry.getName());
                byDirectory++;
            }
        }
        int inOrder = 0;
        // Checks the CRC-32 and the length of a stored entry by itself.
        try (ZipInputStream zip = new ZipInputStream(new FileInputStream(arguments[0]))) {
            for (; zip.getNextEntry() != null; inOrder++) while (zip.read(buffer) >= 0) {}
        }
        System.out.println(byDirectory + " " + inOrder);
    }
}
