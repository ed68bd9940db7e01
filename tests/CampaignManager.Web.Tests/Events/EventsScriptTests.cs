using System.Net;
using CampaignManager.Web.Tests.Hosting;

namespace CampaignManager.Web.Tests.Events;

/// <summary>What a shop's pages load from here.</summary>
public sealed class EventsScriptTests(WebApp app) : IClassFixture<WebApp>
{
    [Fact]
    public async Task Script_ForAnybody_IsThereUnder5KilobytesAndKnowsTheFourEvents()
    {
        var answer = await app.CreateClient().GetAsync("/events.js", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/javascript", answer.Content.Headers.ContentType!.MediaType);
        var script = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.InRange(script.Length, 1_000, 5_000);
        foreach (var call in (string[])["view:", "cart:", "order:", "identify:", "consent:"])
            Assert.Contains(call, System.Text.Encoding.UTF8.GetString(script), StringComparison.Ordinal);
    }
}
