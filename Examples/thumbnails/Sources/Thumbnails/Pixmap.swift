import Foundation

/// A picture in the binary PPM format (`P6`), the simplest one there is.
struct Pixmap {
    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    let width: Int
    let height: Int
    /// Red, green and blue of each pixel, row by row.
    let bytes: [UInt8]

    init(width: Int, height: Int, bytes: [UInt8]) { (self.width, self.height, self.bytes) = (width, height, bytes) }

    init(file data: Data) throws(Unreadable) {
        // "P6", width, height and the largest value, as words; then one white space and the pixels.
        var words: [String] = []
        var at = data.startIndex
        while words.count < 4, at < data.endIndex {
            let word = data[at...].prefix { !$0.isWhitespace }
            if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
            at = word.endIndex + 1
        }
        guard words.count == 4, words[0] == "P6", words[3] == "255", let width = Int(words[1]),
            let height = Int(words[2]),
            (1...10_000).contains(width), (1...10_000).contains(height)
        else { throw Unreadable(description: "This is not a PPM picture with 8 bits per color.") }
        guard at <= data.endIndex, data.endIndex - at == 3 * width * height else {
            throw Unreadable(
                description: "The picture has \(data.endIndex - at) bytes, but needs \(3 * width * height).")
        }
        self.init(width: width, height: height, bytes: Array(data[at...]))
    }

    var file: Data { Data("P6\n\(width) \(height)\n255\n".utf8) + Data(bytes) }

    /// The picture with its longer side cut down to `side` pixels; each is the mean of those that it stands for.
    func scaled(to side: Int) -> Pixmap {
        let factor = max(1, (max(width, height) + side - 1) / side)
        let (columns, rows) = (max(1, width / factor), max(1, height / factor))
        var small: [UInt8] = []
        small.reserveCapacity(3 * columns * rows)
        for row in 0..<rows {
            for column in 0..<columns {
                for color in 0..<3 { small.append(mean(color, column * factor, row * factor, factor)) }
            }
        }
        return Pixmap(width: columns, height: rows, bytes: small)
    }

    private func mean(_ color: Int, _ left: Int, _ top: Int, _ side: Int) -> UInt8 {
        var sum = 0
        var count = 0
        for y in top..<min(top + side, height) {
            for x in left..<min(left + side, width) {
                sum += Int(bytes[3 * (y * width + x) + color])
                count += 1
            }
        }
        return UInt8(sum / max(1, count))
    }
}

extension UInt8 {
    fileprivate var isWhitespace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
