/// Decodes the escapes of a string whose grammar has been checked.
enum JSONEscapes {
    enum Failure: Error {
        case nul
        case loneSurrogate
    }

    /// The UTF-8 bytes that `content`, what stands between the quotes, means.
    static func decode(_ content: ArraySlice<UInt8>) -> Result<[UInt8], Failure> {
        var output: [UInt8] = []
        output.reserveCapacity(content.count)
        var at = content.startIndex
        while at < content.endIndex {
            guard content[at] == ASCII.backslash else {
                output.append(content[at])
                at += 1
                continue
            }
            let letter = content[at + 1]
            at += 2
            guard letter == 0x75 else {  // u
                output.append(plain(letter))
                continue
            }
            switch scalar(in: content, at: &at) {
            case nil: return .failure(.loneSurrogate)
            case "\0": return .failure(.nul)
            case let scalar?: output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        return .success(output)
    }

    /// The character whose `\u` has just been passed, with the second half of a pair; nil for half of one.
    private static func scalar(in content: ArraySlice<UInt8>, at: inout Int) -> Unicode.Scalar? {
        let first = fourDigits(content, at: &at)
        guard 0xD800...0xDBFF ~= first else { return Unicode.Scalar(first) }
        guard at + 6 <= content.endIndex, content[at] == ASCII.backslash, content[at + 1] == 0x75 else { return nil }
        at += 2
        let second = fourDigits(content, at: &at)
        guard 0xDC00...0xDFFF ~= second else { return nil }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private static func fourDigits(_ content: ArraySlice<UInt8>, at: inout Int) -> UInt32 {
        var number: UInt32 = 0
        for byte in content[at..<at + 4] {
            number = number << 4 | UInt32(byte.hexValue ?? 0)
        }
        at += 4
        return number
    }

    private static func plain(_ letter: UInt8) -> UInt8 {
        switch letter {
        case 0x62: 0x08  // \b
        case 0x66: 0x0C  // \f
        case 0x6E: 0x0A  // \n
        case 0x72: 0x0D  // \r
        case 0x74: 0x09  // \t
        default: letter
        }
    }
}
