using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Writing;
using CampaignManager.Application.Tests.Imports;

namespace CampaignManager.Application.Tests.ShopData.Imports;

/// <summary>A shop's past campaigns: kept once, corrected by a later file, taken back with it; exposures name them by the app's id.</summary>
public sealed class PastCampaignsTests : IAsyncDisposable
{
    private static readonly DateTime Spring = new(2025, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly AnImportRoom room = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keep_SaidTwiceCorrectedAndUndone_ReadsAsWhatStands()
    {
        var past = new PastCampaigns(room.Get<DataLake>());
        var (first, second) = (From(1), From(2));

        Assert.Equal((1, 1), Counts(await past.KeepAsync(first, [Row("spring", "10 %"), Row("spring", "10 %")], Stop)));
        Assert.Equal((0, 1), Counts(await past.KeepAsync(From(3), [Row("spring", "10 %")], Stop)));
        Assert.Equal((1, 0), Counts(await past.KeepAsync(second, [Row("spring", "15 %")], Stop)));
        // Once more, as after a crash.
        Assert.Equal((1, 0), Counts(await past.KeepAsync(second, [Row("spring", "15 %")], Stop)));
        Assert.Equal("15 %", Assert.Single(past.List()).Offer);

        past.Forget(second.ImportId);
        Assert.Equal("10 %", Assert.Single(past.List()).Offer);
    }

    [Fact]
    public void Named_ExposureAndMessage_NameTheCampaignAsItsOwnRowDoes()
    {
        var id = PastCampaigns.IdOf("tills", "spring").ToString("D");

        Assert.Equal(id, ((ExposureRow)PastCampaigns.Named("tills", new ExposureRow("spring", "C-1", 1, 0))).CampaignId);
        Assert.Equal(id, ((EventRow)PastCampaigns.Named("tills", new EventRow("e", "contact", Spring, 0) { CampaignId = "spring" })).CampaignId);
        Assert.NotEqual(id, PastCampaigns.IdOf("other", "spring").ToString("D"));
    }

    private static CampaignRow Row(string id, string offer) => new(id, Spring, Spring.AddDays(9), 0) { Offer = offer };

    private static ImportSource From(int import) => new(new Guid(import, 0, 0, new byte[8]), "tills", Spring.AddYears(1).AddDays(import));

    private static (long Written, long Duplicates) Counts(WriteReport report) => (report.Written, report["duplicates"]);

    public ValueTask DisposeAsync() => room.DisposeAsync();
}
