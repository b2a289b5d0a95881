import Testing

@Suite("Code without comments and strings") struct CodeMaskTests {
    @Test(arguments: [
        ("a // b\nc", "a     \nc"),
        ("a /* b /* c */\n d */ e", "a             \n      e"),
        (#"a("b{", c)"#, #"a("  ", c)"#),
        (#"a("b\"{", c)"#, #"a("    ", c)"#),
        (#""a\(b { "c" })d"e"#, #""  (b { " " }) "e"#),
        ("\"\"\"\n a \"{\" // b\n\"\"\" c", "\"\"\"\n           \n\"\"\" c"),
        (##"#"a\(b)"c"# d"##, ##"#"       "# d"##),
        (##"#"a\#(b)c"# d"##, ##"#"   (b) "# d"##),
        ("#\"\"\"\na\"\"\"{\n\"\"\"# b", "#\"\"\"\n     \n\"\"\"# b"),
        (#"a("", b)"#, #"a("", b)"#),
        ("#/a{\"/# b", "#/   /# b"),
        ("#if A\n#endif", "#if A\n#endif"),
        ("a(\"ü{\") é", "a(\"   \") é"),
        ("a = \"b\nc // d", "a = \" \nc     "),
        ("a /* b", "a     "),
    ])
    func blanks(text: String, code: String) {
        #expect(CodeMask.blanked(text) == code)
    }
}
