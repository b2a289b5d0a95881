#if HTTP
import Foundation

/// An IPv4 or IPv6 address: 4 or 16 bytes, as they stand in a packet.
struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    let bytes: [UInt8]

    var isIPv4: Bool { bytes.count == 4 }

    /// The address in a socket address; nil for other families.
    init?(_ address: UnsafePointer<sockaddr>) {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            self.bytes = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                withUnsafeBytes(of: $0.pointee.sin_addr) { Array($0) }
            }
        case AF_INET6:
            self.bytes = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                withUnsafeBytes(of: $0.pointee.sin6_addr) { Array($0) }
            }
        default: return nil
        }
    }

    /// `192.0.2.1`, or all eight groups of an IPv6 address: both are forms that every parser reads alike.
    var description: String {
        if isIPv4 { return bytes.map(String.init).joined(separator: ".") }
        let groups = stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        return groups.map { String($0, radix: 16) }.joined(separator: ":")
    }
}

extension IPAddress {
    /// Whether the address belongs to one machine of the public internet.
    ///
    /// For IPv4 that is all but the special blocks; for IPv6 only `2000::/3` without its special blocks, which
    /// leaves out, among others, `::`, `::1`, `::ffff:0:0/96`, `64:ff9b::/96`, `fc00::/7`, `fe80::/10` and
    /// `ff00::/8`.
    var isGlobalUnicast: Bool {
        if isIPv4 { return !Self.specialIPv4.contains { $0.contains(self) } }
        return Self.globalIPv6.contains(self) && !Self.specialIPv6.contains { $0.contains(self) }
    }

    /// All addresses that begin with the first `bits` bits of `start`.
    private struct Block: Sendable {
        let start: [UInt8]
        let bits: Int

        func contains(_ address: IPAddress) -> Bool {
            (0..<bits).allSatisfy { bit in
                let mask: UInt8 = 0x80 >> UInt8(bit % 8)
                return (address.bytes[bit / 8] ^ start[bit / 8]) & mask == 0
            }
        }
    }

    private static let specialIPv4 = [
        Block(start: [0], bits: 8),  // this network
        Block(start: [10], bits: 8),  // private
        Block(start: [100, 64], bits: 10),  // carrier-grade NAT
        Block(start: [127], bits: 8),  // loopback
        Block(start: [169, 254], bits: 16),  // link-local, and the clouds' metadata services
        Block(start: [172, 16], bits: 12),  // private
        Block(start: [192, 0, 0], bits: 24),  // protocol assignments
        Block(start: [192, 0, 2], bits: 24),  // documentation
        Block(start: [192, 88, 99], bits: 24),  // 6to4 relays
        Block(start: [192, 168], bits: 16),  // private
        Block(start: [198, 18], bits: 15),  // benchmarks
        Block(start: [198, 51, 100], bits: 24),  // documentation
        Block(start: [203, 0, 113], bits: 24),  // documentation
        Block(start: [224], bits: 3),  // multicast, reserved, broadcast
    ]

    private static let globalIPv6 = Block(start: [0x20], bits: 3)

    private static let specialIPv6 = [
        Block(start: [0x20, 0x01, 0x00], bits: 23),  // protocol assignments, among them Teredo, which wraps IPv4
        Block(start: [0x20, 0x01, 0x0D, 0xB8], bits: 32),  // documentation
        Block(start: [0x20, 0x02], bits: 16),  // 6to4, which wraps IPv4
        Block(start: [0x3F, 0xFF, 0x00], bits: 20),  // documentation
    ]
}
#endif
