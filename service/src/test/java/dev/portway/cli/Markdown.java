package dev.portway.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The fenced blocks of a page of the documentation. */
public record Markdown(List<Block> blocks) {

    /** One block, with the language named after its fence. */
    public record Block(String language, String text) {}

    public static Markdown read(Path file) throws IOException {
        List<Block> blocks = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        String language = null;
        for (String line : Files.readAllLines(file)) {
            if (!line.startsWith("```")) {
                text.append(line).append('\n');
                continue;
            }
            if (language == null) {
                language = line.substring(3);
            } else {
                blocks.add(new Block(language, text.toString()));
                language = null;
            }
            text.setLength(0);
        }
        return new Markdown(List.copyOf(blocks));
    }

    public List<String> texts(String language) {
        return blocks.stream()
                .filter(block -> block.language().equals(language))
                .map(Block::text)
                .toList();
    }
}
