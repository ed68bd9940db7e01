using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace CampaignManager.Web.Tests.Hosting;

/// <summary>What a first visit costs over the wire, in Development too.</summary>
public sealed partial class PageWeightTests(WebApp app) : IClassFixture<WebApp>
{
    private const int Limit = 500_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FirstPage_WithAllItAsksFor_IsBelowHalfAMegabyte()
    {
        var client = app.CreateClient();
        var page = await client.GetStringAsync("/sign-in", Stop);
        client.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        List<(string Address, int Bytes)> files = [];
        foreach (var address in Asked().Matches(page).Select(m => m.Groups[1].Value))
        {
            var answer = await client.GetAsync("/" + address, Stop);
            answer.EnsureSuccessStatusCode();
            Assert.Equal(["gzip"], answer.Content.Headers.ContentEncoding);
            files.Add((address, (await answer.Content.ReadAsByteArrayAsync(Stop)).Length));
            // Blazor's own script has an address without a fingerprint.
            if (!address.StartsWith("_framework", StringComparison.Ordinal))
                Assert.True(Fingerprint().IsMatch(address), address);
        }

        Assert.True(files.Count >= 6, string.Join(", ", files));
        Assert.DoesNotContain(files, f => f.Address.Contains("echarts", StringComparison.OrdinalIgnoreCase));
        Assert.True(page.Length + files.Sum(f => f.Bytes) < Limit, string.Join(", ", files));
    }

    [GeneratedRegex("(?:<script [^>]*src|<link [^>]*href)=\"([^\"]+)\"")]
    private static partial Regex Asked();

    [GeneratedRegex(@"\.[a-z0-9]{8,}\.(css|js|svg)$")]
    private static partial Regex Fingerprint();
}
