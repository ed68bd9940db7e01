using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Tests.Behaviour;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Application.Tests.Audiences;

public sealed class CustomerLookupTests : IDisposable
{
    private readonly AShop shop = new();
    private readonly FakeTimeProvider time = new();
    private readonly CustomerLookup lookup;

    public CustomerLookupTests() => lookup = new CustomerLookup(shop.Lake, time, NullLogger<CustomerLookup>.Instance);

    public void Dispose()
    {
        lookup.Dispose();
        shop.Dispose();
    }

    [Fact]
    public async Task Find_SegmentsThatCannotBeRead_AnswersByThoseKnownBefore()
    {
        Write(CustomerFeatures.CurrentFile, "SELECT 'C-1' AS customer_id, 2 AS x_orders");
        Write(SegmentService.CurrentFile, "SELECT 'C-1' AS customer_id, 'active' AS segment");
        Assert.Equal(["active"], (await FindAsync("C-1"))!.Segments);

        await File.WriteAllTextAsync(shop.Lake.PathTo(SegmentService.CurrentFile), "no Parquet", TestContext.Current.CancellationToken);
        Assert.Equal(["active"], (await FindAsync("C-1"))!.Segments);

        Write(SegmentService.CurrentFile, "SELECT 'C-1' AS customer_id, 'loyal' AS segment");
        Assert.Equal(["loyal"], (await FindAsync("C-1"))!.Segments);
    }

    [Fact]
    public async Task Find_NothingReadableYet_KnowsNobody()
    {
        Write(CustomerFeatures.CurrentFile, "SELECT 'C-1' AS customer_id, 2 AS x_orders");
        Directory.CreateDirectory(Path.GetDirectoryName(shop.Lake.PathTo(SegmentService.CurrentFile))!);
        await File.WriteAllTextAsync(shop.Lake.PathTo(SegmentService.CurrentFile), "no Parquet", TestContext.Current.CancellationToken);

        Assert.Null(await FindAsync("C-1"));
    }

    private async Task<KnownCustomer?> FindAsync(string id)
    {
        time.Advance(TimeSpan.FromSeconds(2));
        return await lookup.FindAsync(id, TestContext.Current.CancellationToken);
    }

    private void Write(string file, string sql)
    {
        using var connection = shop.Lake.Open();
        shop.Lake.WriteFile(connection, sql, file, TestContext.Current.CancellationToken);
    }
}
