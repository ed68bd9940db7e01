using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Writing;
using CampaignManager.Application.Tests.Fixtures;
using Microsoft.Extensions.Options;
using static CampaignManager.Application.Tests.ShopData.Writing.AWriter;

namespace CampaignManager.Application.Tests.ShopData.Writing;

/// <summary>A lake as an earlier release left it: read as it is, and written beside.</summary>
public class OldLakeTests
{
    [Fact]
    public async Task Lake_OfAnEarlierRelease_IsReadWithoutRewritingAndTakesImports()
    {
        using var release = await ReleaseFixture.UnpackAsync();
        var lake = new DataLake(Options.Create(new LakeOptions { Path = release.Lake, Buckets = 2, Threads = 2 }), TimeProvider.System);
        using var connection = lake.Open();
        var before = Directory.GetFiles(release.Lake, "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(
            "counted||1|false|true",
            connection.Query($"SELECT DISTINCT status || '|' || source || '|' || version || '|' || deleted || '|' || (known_at = \"at\") FROM {lake.Source(LakeTable.Orders)}", r => r.GetString(0)).Single());
        var (orders, customers) = (Count("Orders"), Count("Customers"));
        Assert.True(orders > 0 && customers > 0);

        var writer = new ShopWriter(lake, TimeProvider.System, new ErasureKey(new byte[32]));
        var import = Guid.NewGuid();
        await writer.WriteAsync(new ImportSource(import, "shop", Start), [Order("O1", "C-new", Start)], new Heard(), null, TestContext.Current.CancellationToken);

        Assert.Equal((orders + 1, customers + 1), (Count("Orders"), Count("Customers")));
        Assert.All(before, file => Assert.True(File.Exists(file)));
        await writer.UndoAsync(import, TestContext.Current.CancellationToken);
        Assert.Equal((orders, customers), (Count("Orders"), Count("Customers")));

        var somebody = connection.Query($"SELECT min(customer_id) FROM {lake.CountedOrders()}", r => r.GetString(0))[0];
        Assert.True(await writer.EraseAsync(somebody, TestContext.Current.CancellationToken) > 0);
        Assert.Equal(customers - 1, Count("Customers"));
        Assert.Equal(0, connection.Scalar<long>($"SELECT count(*) FROM {lake.Source(LakeTable.Orders)} WHERE customer_id = '{somebody}'"));

        long Count(string table) => connection.Scalar<long>($"SELECT count(*) FROM {lake.Source(table == "Orders" ? LakeTable.Orders : LakeTable.Customers)}");
    }
}
