using CampaignManager.Application.Audiences;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Behaviour;
using CampaignManager.Engine.Audiences.Predicates;

namespace CampaignManager.Application.Tests.Audiences;

public sealed class AudienceValuesTests : IDisposable
{
    private readonly AShop shop = new();
    private readonly AudienceValues values;

    public AudienceValuesTests() => values = new AudienceValues(shop.Lake);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        values.Dispose();
        shop.Dispose();
    }

    [Fact]
    public async Task Get_BeforeAnyCustomer_IsNoneOfAll()
    {
        var known = await values.GetAsync(Cancel);
        Assert.All(Enum.GetValues<WordAttribute>(), word => Assert.Empty(known.Words[word]));
        Assert.Equal((0L, 0L), known.Flags[FlagAttribute.EmailOptIn]);
    }

    [Fact]
    public async Task Get_CountsWhatCustomersHave_MostFirst_AndReadsAgainWhenTheyChange()
    {
        Lay("('a', '金卡', ['vip', 'vip', 'new']::VARCHAR[], true, NULL::DOUBLE)", "('b', '银卡', ['vip'], false, 0.1)", "('c', '金卡', NULL, NULL, 0.2)", "('d', NULL, [], true, NULL)");
        var known = await values.GetAsync(Cancel);
        Assert.Equal([new KeyCount("金卡", 2), new KeyCount("银卡", 1)], known.Words[WordAttribute.MemberTier]);
        // A customer has a tag once, however often the shop wrote it down.
        Assert.Equal([new KeyCount("vip", 2), new KeyCount("new", 1)], known.Words[WordAttribute.Tags]);
        Assert.Equal((2L, 1L), known.Flags[FlagAttribute.EmailOptIn]);
        Assert.Equal(2, known.Scored);

        Lay("('a', '银卡', NULL::VARCHAR[], true, NULL::DOUBLE)");
        Assert.Equal([new KeyCount("银卡", 1)], (await values.GetAsync(Cancel)).Words[WordAttribute.MemberTier]);
    }

    private void Lay(params string[] rows)
    {
        using var connection = shop.Lake.Open(threads: 1);
        shop.Lake.WriteFile(
            connection,
            $"""
            SELECT *, 'east' AS c_region, 'app' AS c_channel, NULL::VARCHAR AS c_device, NULL::VARCHAR AS country, NULL::BOOLEAN AS opt_out_marketing
            FROM (VALUES {string.Join(", ", rows)}) t(customer_id, member_tier, tags, email_opt_in, score_uplift)
            """,
            AudienceFacts.File,
            Cancel);
    }
}
