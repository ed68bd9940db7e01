using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Uplift.Training;
using CampaignManager.Application.TrainingData;

namespace CampaignManager.Application.Tests.TrainingData;

public sealed class UpliftTableReaderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_FileInAnotherOrder_GivesTheSameTable()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var table = ATable.Experiment(rows: 3000);
        await room.LayAsync(table, "one");
        var lake = room.Get<DataLake>();
        using (var connection = lake.Open(threads: 1))
            lake.WriteFile(connection, $"SELECT * FROM {lake.SourceOf("one/table.parquet")} ORDER BY hash(\"row\")", "other/table.parquet", Cancel);
        await lake.WriteTextAsync(table.Manifest.ToJson(), "other/manifest.json", Cancel);

        var (one, other) = (await room.Get<UpliftTableReader>().ReadAsync("one", Cancel), await room.Get<UpliftTableReader>().ReadAsync("other", Cancel));
        Assert.Equal(table.Rows, one.Rows);
        Assert.Equal(table.CustomerIds, one.CustomerIds);
        Assert.Equal(one.Rows, other.Rows);
        Assert.Equal(one.Customers, other.Customers);
        Assert.Equal(one.CustomerIds, other.CustomerIds);
        Assert.Equal(one.Features.Select(f => f.Values), other.Features.Select(f => f.Values));
        Assert.Equal(one.Features.Select(f => f.Levels), other.Features.Select(f => f.Levels));
        Assert.Equal((one.Hash(), table.Hash()), (other.Hash(), one.Hash()));
    }

    [Fact]
    public async Task ReadAsync_RowsOfOneCustomer_ShareOneText()
    {
        await using var room = await TrainingRoom.OpenAsync();
        var table = ATable.Experiment(rows: 600);
        for (var i = 0; i < table.Count; i++)
            table.CustomerIds[i] = $"C-{i % 200}";
        await room.LayAsync(table, "one");
        var read = await room.Get<UpliftTableReader>().ReadAsync("one", Cancel);
        Assert.Equal(200, read.CountCustomers());
        Assert.All(Enumerable.Range(200, 400), i => Assert.Same(read.CustomerIds[i % 200], read.CustomerIds[i]));
        Assert.Equal(Enumerable.Range(0, 600).Select(i => i % 200), read.Customers);
    }

    [Fact]
    public void Hash_TextsBeyondTheBuffer_CountToTheLastLetter()
    {
        var (one, other) = (ATable.Experiment(rows: 100), ATable.Experiment(rows: 100));
        one.CustomerIds[7] = new string('a', 200_000);
        other.CustomerIds[7] = new string('a', 199_999) + "b";
        Assert.NotEqual(one.Hash(), other.Hash());
    }
}
