using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace CampaignManager.Web.Tests.Hosting;

public sealed class SecurityHeadersTests(WebApp app) : IClassFixture<WebApp>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/")]
    [InlineData("/account/sign-in")]
    [InlineData("/campaigns")]
    [InlineData("/not-there")]
    [InlineData("/jobs")]
    [InlineData("/healthz")]
    [InlineData("/_framework/blazor.web.js")]
    public async Task Answers_Everywhere_RunNoScriptButTheAppsOwn(string path)
    {
        var admin = await Visitor.SignedInAsync(app, "admin@demo");
        var response = await admin.Client.GetAsync(path, Cancel);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self'", policy.Split("; "));
        Assert.Contains("default-src 'none'", policy.Split("; "));
        Assert.Contains("frame-ancestors 'none'", policy.Split("; "));
        Assert.Contains("base-uri 'self'", policy.Split("; "));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.Equal(!path.EndsWith(".js", StringComparison.Ordinal), response.Headers.CacheControl?.NoStore == true);
    }

    [Theory]
    [InlineData("/api/v1/campaigns", HttpStatusCode.OK)]
    [InlineData("/api/v1/nowhere", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/campaigns?page=x", HttpStatusCode.BadRequest)]
    public async Task Answers_ForPrograms_RunNothingAndStayInNoCache(string path, HttpStatusCode status)
    {
        var admin = await Visitor.SignedInAsync(app, "admin@demo");
        var response = await admin.Client.GetAsync(path, Cancel);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task Docs_Scripts_CarryTheNonceOfTheAnswer()
    {
        var client = app.CreateClient();
        var (first, second) = (await NonceAsync(client), await NonceAsync(client));
        Assert.NotEqual(first, second);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/account/profile")]
    [InlineData("/account/sign-out")]
    public async Task Redirects_HostOfAnotherSite_StayHere(string path)
    {
        var client = app.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = "evil.example";
        var response = await client.SendAsync(request, Cancel);
        Assert.DoesNotContain("evil.example", response.Headers.Location?.OriginalString ?? "");
        if (response.StatusCode == HttpStatusCode.Redirect)
            Assert.StartsWith("/account/sign-in", response.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("https://evil.example", null, false)]
    [InlineData("https://localhost.evil.example", null, false)]
    [InlineData("null", null, false)]
    [InlineData("http://localhost:8080", null, false)]
    [InlineData("http://localhost", "cross-site", false)]
    [InlineData("http://localhost", "same-origin", true)]
    [InlineData("https://localhost", null, true)]
    [InlineData(null, null, true)]
    public async Task PageConnection_FromAnotherSite_IsRefused(string? origin, string? site, bool fine)
    {
        var admin = await Visitor.SignedInAsync(app, "admin@demo");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);
        var response = await admin.Client.SendAsync(request, Cancel);
        Assert.Equal(fine ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("/\n/evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/campaigns\r\nSet-Cookie: a=b")]
    [InlineData("https://evil.example")]
    public async Task Preferences_ForeignReturnUrl_StaysHere(string returnUrl)
    {
        var response = await new Visitor(app).PostFormAsync(
            "/account/sign-in", new() { ["culture"] = "en", ["returnUrl"] = returnUrl }, to: "/account/preferences");
        Assert.Equal((HttpStatusCode.Redirect, "/"), (response.StatusCode, response.Headers.Location!.OriginalString));
    }

    [Fact]
    public async Task Cookies_InProduction_GoOverHttpsOnly()
    {
        await using var production = new ProductionApp();
        var client = production.CreateClient();
        var response = await client.GetAsync("/account/sign-in", Cancel);
        var cookies = response.Headers.GetValues("Set-Cookie").ToList();
        Assert.NotEmpty(cookies);
        Assert.All(cookies, cookie => Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("192.0.2.9", false)]
    public async Task ForwardedHeaders_OfATrustedProxyOnly_AreBelieved(string proxy, bool believed)
    {
        await using var behind = new ProductionApp(("Proxy:Trusted", "10.0.0.0/8"));
        var context = await behind.Server.SendAsync(http =>
        {
            http.Connection.RemoteIpAddress = IPAddress.Parse(proxy);
            http.Request.Path = "/healthz";
            http.Request.Headers["X-Forwarded-For"] = "198.51.100.7";
            http.Request.Headers["X-Forwarded-Proto"] = "https";
        }, Cancel);
        Assert.Equal((believed ? "198.51.100.7" : proxy, believed),
            (context.Connection.RemoteIpAddress!.ToString(), context.Request.IsHttps));
    }

    private static async Task<string> NonceAsync(HttpClient client)
    {
        var response = await client.GetAsync("/docs", Cancel);
        var nonce = Assert.Single(response.Headers.GetValues("Content-Security-Policy")).Split("'nonce-")[1].Split('\'')[0];
        var scripts = (await response.Content.ReadAsStringAsync(Cancel)).Split("<script").Skip(1).ToList();
        Assert.NotEmpty(scripts);
        Assert.All(scripts, script => Assert.Contains($"nonce=\"{nonce}\"", script.Split('>')[0]));
        return nonce;
    }

    private sealed class ProductionApp(params (string Key, string Value)[] settings) : WebApp
    {
        protected override string Environment => "Production";

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            foreach (var (key, value) in settings)
                builder.UseSetting(key, value);
        }
    }
}
