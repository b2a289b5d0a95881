#if HTTP
import Testing

@testable import SojournHandlers

@Suite("URLs") struct HTTPTargetTests {
    @Test(arguments: [
        ("https://example.com", "https://example.com/", "example.com", 443),
        ("HTTPS://Example.COM/A?b=%2F&c", "https://example.com/A?b=%2F&c", "example.com", 443),
        ("http://example.com:8080?x=1", "http://example.com:8080/?x=1", "example.com", 8080),
        ("http://example.com./", "http://example.com/", "example.com", 80),
        ("http://xn--bcher-kva.example/", "http://xn--bcher-kva.example/", "xn--bcher-kva.example", 80),
        ("http://93.184.216.34/", "http://93.184.216.34/", "93.184.216.34", 80),
        ("http://[2606:4700::1111]:443/", "http://[2606:4700::1111]:443/", "2606:4700::1111", 443),
        ("http://my_service:9000/a//b", "http://my_service:9000/a//b", "my_service", 9000),
    ])
    func plainOnesAreTaken(text: String, url: String, host: String, port: Int) throws {
        let target = try HTTPTarget(text, allowsPrivateAddresses: false)
        #expect(target.url == url)
        #expect(target.host == host)
        #expect(target.port == port)
    }

    @Test(arguments: [
        ("", "begin with http"), ("example.com", "begin with http"), ("ftp://example.com", "begin with http"),
        ("file:///etc/passwd", "begin with http"), ("http+unix://x/", "begin with http"),
        ("//a/", "begin with http"),
        ("http://", "name a host"), ("http:///a", "name a host"), ("http://:80/", "name a host"),
        ("http://user@example.com/", "user name"), ("http://a:b@example.com/", "user name"),
        ("http://example.com@127.0.0.1/", "user name"), ("http://example.com:80@127.0.0.1/", "user name"),
        ("http://example.com\\@127.0.0.1/", "xn--"), ("http://exa mple.com/", "xn--"), ("http://a/\u{0}", "xn--"),
        ("http://bücher.example/", "xn--"), ("http://\u{24DB}ocalhost/", "xn--"), ("http://127。0。0。1/", "xn--"),
        ("http://example.com/a\r\nHost: b", "xn--"), ("http://example.com/#a", "fragment"),
        ("http://%31%32%37.0.0.1/", "name a host"), ("http://example..com../", "name a host"),
        ("http://./", "name a host"),
        ("http://[::1/", "no ]"), ("http://[]/", "name a host"), ("http://[fe80::1%25eth0]/", "name a host"),
        ("http://[::1]x/", "port"), ("http://[example]/", "name a host"), ("http://a:/", "port"),
        ("http://a:0/", "port"),
        ("http://a:65536/", "port"), ("http://a:-1/", "port"), ("http://a:8o/", "port"), ("http://a:1:2/", "port"),
        ("http://a:25/", "80, 443"), ("http://a:22/", "80, 443"), ("https://a:1023/", "80, 443"),
    ])
    func othersAreRefused(text: String, says: String) {
        let error = #expect(throws: InvalidHandlerSettings.self) {
            _ = try HTTPTarget(text, allowsPrivateAddresses: false)
        }
        #expect(error?.field == "url")
        #expect(error?.message.contains(says) == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        "http://127.0.0.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/",
        "http://127.0.0.1./", "http://[::1]/", "http://[::ffff:7f00:1]/", "http://[::ffff:127.0.0.1]:8080/",
        "http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://10.0.0.1/", "http://0/",
        "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
    ])
    func privateLiteralsAreRefusedWhenTheHandlerIsMade(url: String) async throws {
        let error = #expect(throws: InvalidHandlerSettings.self) { _ = try HTTPHandler(.init(url: url)) }
        #expect(
            error?.message.contains("which is not public; set allow_private") == true,
            "\(String(describing: error))")
        try await HTTPHandler(.init(url: url, allowsPrivateAddresses: true)).shutdown()
    }

    @Test func privateAddressesMayHaveAnyPort() throws {
        #expect(try HTTPTarget("http://a:25/", allowsPrivateAddresses: true).port == 25)
    }
}
#endif
