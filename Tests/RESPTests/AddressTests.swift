#if Redis
import Testing

@testable import RESP

@Suite("Addresses") struct AddressTests {
    static let local = RedisEndpoint.host("localhost", port: 6379)

    @Test(arguments: [
        ("redis://localhost", RedisAddress(.single(local))),
        ("localhost", RedisAddress(.single(local))),
        ("localhost:7000", RedisAddress(.single(.host("localhost", port: 7000)))),
        ("REDIS://localhost:6379/", RedisAddress(.single(local))),
        ("redis://localhost/3", RedisAddress(.single(local), database: 3)),
        ("redis://localhost?db=3", RedisAddress(.single(local), database: 3)),
        ("redis://:secret@localhost", RedisAddress(.single(local), password: "secret")),
        ("redis://ellen:s%40c%2Fret@localhost", RedisAddress(.single(local), user: "ellen", password: "s@c/ret")),
        ("redis://ellen:a:b@c@localhost", RedisAddress(.single(local), user: "ellen", password: "a:b@c")),
        ("redis://[::1]:7000", RedisAddress(.single(.host("::1", port: 7000)))),
        ("redis://[::1]", RedisAddress(.single(.host("::1", port: 6379)))),
        ("rediss://localhost", RedisAddress(.single(local), tls: .init())),
        (
            "rediss://localhost?ca=/etc/ca.pem&server_name=redis.example",
            RedisAddress(.single(local), tls: .init(authorityFile: "/etc/ca.pem", serverName: "redis.example"))
        ),
        (
            "rediss://localhost?cert=c&key=k",
            RedisAddress(.single(local), tls: .init(certificateFile: "c", keyFile: "k"))
        ),
        ("rediss://localhost?insecure=true", RedisAddress(.single(local), tls: .init(isInsecure: true))),
        ("unix:///run/redis.sock", RedisAddress(.single(.socket(path: "/run/redis.sock")))),
        (
            "unix://:secret@/run/redis.sock?db=2",
            RedisAddress(.single(.socket(path: "/run/redis.sock")), password: "secret", database: 2)
        ),
        (
            "redis+sentinel://:p@a:1,b/mymaster/4",
            RedisAddress(
                .sentinel([.host("a", port: 1), .host("b", port: 26_379)], master: "mymaster"), password: "p",
                database: 4)
        ),
        ("redis+cluster://a:1,b", RedisAddress(.cluster([.host("a", port: 1), .host("b", port: 6379)]))),
        ("rediss+cluster://a", RedisAddress(.cluster([.host("a", port: 6379)]), tls: .init())),
    ])
    func reads(text: String, address: RedisAddress) throws {
        #expect(try RedisAddress(parsing: text) == address)
    }

    @Test(arguments: [
        ("http://a", "The Redis address must begin with"), ("", "has no host"), ("redis://", "has no host"),
        ("redis://a:x", "The port of the Redis address"), ("redis://a:0", "The port of the Redis address"),
        ("redis://a:65536", "The port of the Redis address"), ("redis://a/x", "The Redis database"),
        ("redis://a/-1", "The Redis database"), ("redis://a/1/2", "The path of the Redis address"),
        ("redis://a,b", "has one host"), ("redis://ellen@a", "a user without a password"),
        ("redis://:%zz@a", "a % without"), ("redis://[::1", "stands in brackets"), ("redis://[::1]x", "in brackets"),
        ("unix://run/redis.sock", "must begin with a slash"), ("redis+sentinel://a", "the master's name"),
        ("redis+sentinel://a/", "the master's name"), ("redis+cluster://a/1", "only the database 0"),
        ("redis+cluster://a,,b", "has no host"), ("redis://a?color=red", "an option \"color\""),
        ("redis://a?ca=x", "an option \"ca\""), ("rediss://a?insecure=yes", "must be true or false"),
        ("rediss://a?cert=c", "belong together"), ("rediss://a?sentinel_password=p", "an option \"sentinel_password\""),
    ])
    func refuses(text: String, part: String) {
        let error = #expect(throws: RESPError.self) { try RedisAddress(parsing: text) }
        #expect(error?.kind == .invalidAddress)
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    }

    @Test(arguments: [
        "redis://ellen:hunter2@a:1/3", "rediss://:hunter2@a", "unix://:hunter2@/a?db=1",
        "redis+sentinel://:hunter2@a:1,b:2/m",
        "redis+sentinel://a:1,b:2/m?sentinel_user=u&sentinel_password=hunter2", "redis+cluster://:hunter2@a,b:1",
    ])
    func neverShowThePassword(text: String) throws {
        let address = try RedisAddress(parsing: text)
        var dumped = ""
        dump(address, to: &dumped)
        for shown in ["\(address)", String(reflecting: address), String(describing: [address]), dumped] {
            #expect(!shown.contains("hunter2"))
        }
        // What is shown leads to the same place.
        let again = try RedisAddress(parsing: "\(address)")
        #expect(again.topology == address.topology)
        #expect(again.database == address.database)
    }

    @Test(arguments: ["redis://:hunter2@a:x", "redis://:hunter2%@a", "hunter2://:hunter2@a", "redis://a:hunter2"])
    func errorsNeverShowThePassword(text: String) {
        let error = #expect(throws: RESPError.self) { try RedisAddress(parsing: text) }
        #expect(error.map { "\($0)".contains("hunter2") } == false)
    }
}
#endif
