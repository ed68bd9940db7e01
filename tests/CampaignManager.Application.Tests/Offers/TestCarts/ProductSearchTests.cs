using CampaignManager.Application.Lake;
using CampaignManager.Application.Offers.TestCarts;
using CampaignManager.Application.Tests.Lake;

namespace CampaignManager.Application.Tests.Offers.TestCarts;

public sealed class ProductSearchTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Find_EmptyLake_IsEmpty()
    {
        using var lake = new ALake();
        Assert.Empty(await new ProductSearch(lake.Lake).FindAsync("tea", Cancel));
    }

    [Theory]
    [InlineData("tea", "T-1,T-2")]
    [InlineData("绿茶", "T-1")]
    [InlineData("GREEN kitchen", "T-1")]
    [InlineData("t-2", "T-2")]
    [InlineData("O'Neill", "S-1")]
    [InlineData("%", "")]
    [InlineData("", "S-1,T-1,T-2")]
    public async Task Find_Text_MatchesEveryWordInEitherLanguage(string text, string skus)
    {
        using var lake = new ALake();
        lake.Put(LakeTable.Products, "('T-2','White tea','白茶','kitchen','Leaf',5000,NULL), ('T-1','Green tea','绿茶','kitchen','Leaf',4000,NULL), ('S-1','Boot','靴子','shoes','O''Neill',NULL,NULL)");
        var found = await new ProductSearch(lake.Lake).FindAsync(text, Cancel);
        Assert.Equal(skus, string.Join(',', found.Select(p => p.Sku)));
        var named = await new ProductSearch(lake.Lake).NamedAsync(["S-1", "none"], Cancel);
        Assert.Equal(new ProductRow("S-1", "Boot", "靴子", "shoes", "O'Neill", null), Assert.Single(named).Value);
    }
}
