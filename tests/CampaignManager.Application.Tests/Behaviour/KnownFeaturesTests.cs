using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Settings;
using CampaignManager.Application.Tests.Lake;

namespace CampaignManager.Application.Tests.Behaviour;

public sealed class KnownFeaturesTests
{
    [Fact]
    public void Find_EveryColumnOfTheFile_HasAMeaningInBothLanguages()
    {
        using var a = new ALake();
        var sql = new FeatureSql(a.Lake, new ShopCategories(["shoes", "家电 配件"]), new ShopSettings());
        string[] columns = [.. sql.Numeric, .. FeatureSql.Categorical];

        Assert.All(columns, column => Assert.NotNull(KnownFeatures.Find(column)));
        // And nothing is explained that does not exist.
        Assert.Equal(columns.Where(c => !FeatureSql.IsAffinity(c)).Order(StringComparer.Ordinal), KnownFeatures.Names.Order(StringComparer.Ordinal));
        Assert.All(columns.Select(c => KnownFeatures.Find(c)!).SelectMany(f => new[] { f.Name, f.Means }), text => Assert.True(text.En != text.Zh));
        Assert.Equal(columns.Length, columns.Select(c => KnownFeatures.Find(c)!.Name.En).Distinct().Count());
        Assert.Null(KnownFeatures.Find("o_depth"));
    }

    [Fact]
    public void Find_WindowOfACount_HasItsDaysAndWhatItCounts()
    {
        var views = KnownFeatures.Find("x_views_30")!;

        Assert.Equal((30, FeatureBasis.Views, "Views, 30 days", "近 30 天浏览"), (views.Days, views.Basis, views.Name.En, views.Name.Zh));
        Assert.Equal("类目偏好：鞋靴", KnownFeatures.Find("x_affinity_shoes")!.Name.Zh);
    }
}
