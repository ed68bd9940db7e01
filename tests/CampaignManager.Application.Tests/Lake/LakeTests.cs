using CampaignManager.Application.Lake;

namespace CampaignManager.Application.Tests.Lake;

public class LakeTests
{
    private const string TwoCustomers = "('C1', TIMESTAMP '2026-01-02', 'east', 'app', 'ios'), ('C2', TIMESTAMP '2026-02-03', 'south', 'web', NULL)";

    [Fact]
    public void Source_EmptyLake_HasTheTablesShapeAndNoRows()
    {
        using var a = new ALake();
        using var connection = a.Lake.Open();
        foreach (var table in LakeTable.All)
        {
            var columns = connection.Query($"DESCRIBE SELECT * FROM {a.Lake.Source(table)}", r => r.GetString(0) + " " + r.GetString(1));
            Assert.Equal(table.Columns.Select(c => c.Name + " " + c.Type), columns.Take(table.Columns.Count));
            Assert.Equal(0, connection.Scalar<long>($"SELECT count(*) FROM {a.Lake.Source(table)}"));
        }
    }

    [Fact]
    public void Batch_Committed_IsReadBackWithTypesFoldersAndNulls()
    {
        using var a = new ALake();
        a.Put(LakeTable.Events, """
            ('e1', 'C1', 'view', 'S1', NULL, 1999, NULL, NULL, NULL, TIMESTAMP '2026-03-31 23:59:59'),
            ('e2', 'C2', 'review', 'S1', NULL, NULL, NULL, 5, '很好', TIMESTAMP '2026-04-01 00:00:00')
            """);
        using var connection = a.Lake.Open();

        var rows = connection.Query(
            $"SELECT event_id, quarter, bucket, text, \"at\" FROM {a.Lake.Source(LakeTable.Events)} ORDER BY event_id",
            r => (r.GetString(0), r.GetString(1), r.GetInt32(2), r.IsDBNull(3) ? null : r.GetString(3), r.GetDateTime(4)));

        Assert.Equal(
            [
                ("e1", "2026Q1", CustomerBucket.Of("C1", 4), null, new DateTime(2026, 3, 31, 23, 59, 59)),
                ("e2", "2026Q2", CustomerBucket.Of("C2", 4), "很好", new DateTime(2026, 4, 1)),
            ],
            rows);
    }

    [Fact]
    public void CustomerBucket_SqlAndCode_AgreeAndSpreadEvenly()
    {
        using var a = new ALake();
        using var connection = a.Lake.Open();
        var rows = connection.Query(
            $"SELECT id, {CustomerBucket.Sql("id", 8)} FROM (SELECT 'C' || i || '客' AS id FROM range(8000) t(i))", r => (r.GetString(0), r.GetInt32(1)));

        Assert.All(rows, row => Assert.Equal(CustomerBucket.Of(row.Item1, 8), row.Item2));
        // Binomial(8000, 1/8): mean 1000, sd 29.6; five sd either way.
        Assert.All(rows.GroupBy(r => r.Item2), g => Assert.InRange(g.Count(), 850, 1150));
    }

    [Fact]
    public void Batch_NeverCommitted_ShowsNothingAndLeavesNothing()
    {
        using var a = new ALake();
        using var connection = a.Lake.Open();
        using (var batch = a.Lake.Begin("lost"))
            batch.Add(connection, LakeTable.Customers, Rows(TwoCustomers), "0");

        Assert.Empty(a.Files());
        Assert.False(a.Lake.HasRows(LakeTable.Customers));
    }

    [Fact]
    public void Sweep_ProcessDiedBeforeThePlan_ThrowsTheHalfAway()
    {
        using var a = new ALake();
        using var connection = a.Lake.Open();
        a.Put(LakeTable.Customers, TwoCustomers);
        var whole = a.Files();
        Die(a, batch => batch.Add(connection, LakeTable.Customers, Rows("('C9', TIMESTAMP '2026-01-01', 'east', 'app', 'ios')"), "0"));

        Assert.Equal(2, connection.Scalar<long>($"SELECT count(*) FROM {a.Lake.Source(LakeTable.Customers)}"));
        a.Lake.Sweep();

        Assert.Equal(whole, a.Files());
    }

    [Fact]
    public void Sweep_ProcessDiedAfterThePlan_FinishesIt()
    {
        using var a = new ALake();
        using var connection = a.Lake.Open();
        a.Put(LakeTable.Customers, TwoCustomers, "demo");
        Die(a, batch =>
        {
            batch.Replace(LakeTable.Customers);
            batch.Add(connection, LakeTable.Customers, Rows("('C9', TIMESTAMP '2026-01-01', 'east', 'app', 'ios')"), "0");
            batch.Seal();
        });

        a.Lake.Sweep();

        Assert.Equal(["C9"], connection.Query($"SELECT customer_id FROM {a.Lake.Source(LakeTable.Customers)}", r => r.GetString(0)));
        Assert.DoesNotContain(a.Files(), f => f.StartsWith(".staging", StringComparison.Ordinal));
    }

    [Fact]
    public void Sweep_WhatDidNotFitIntoAKilledProcesssMemory_IsGoneAtOnceAndTheLivingsStays()
    {
        using var a = new ALake();
        var home = a.Lake.PathTo(".staging");
        var dead = Directory.CreateDirectory(Path.Combine(home, "spill-dead", "blocks")).Parent!.FullName;
        File.WriteAllBytes(Path.Combine(dead, "lock"), []);
        File.WriteAllBytes(Path.Combine(dead, "blocks", "duckdb_temp_storage_DEFAULT-0.tmp"), new byte[10]);
        using var connection = a.Lake.Open();
        var mine = connection.Scalar<string>("SELECT current_setting('temp_directory')");

        a.Lake.Sweep();

        Assert.Equal([Path.GetDirectoryName(mine)!], Directory.GetDirectories(home, "spill-*"));
    }

    [Fact]
    public void Sweep_OwnerStillAtWork_LeavesItAlone()
    {
        using var a = new ALake();
        using var connection = a.Lake.Open();
        using var batch = a.Lake.Begin("busy");
        batch.Add(connection, LakeTable.Customers, Rows(TwoCustomers), "0");

        a.Lake.Sweep();
        batch.Commit();

        Assert.Equal(2, connection.Scalar<long>($"SELECT count(*) FROM {a.Lake.Source(LakeTable.Customers)}"));
    }

    [Fact]
    public void WriteFile_QueryFails_KeepsTheOldFile()
    {
        using var a = new ALake();
        using var connection = a.Lake.Open();
        a.Lake.WriteFile(connection, "SELECT 1 AS x", "segments/current.parquet");

        Assert.ThrowsAny<Exception>(() =>
            a.Lake.WriteFile(connection, "SELECT CASE WHEN i = 99999 THEN error('broken') ELSE i::VARCHAR END AS x FROM range(100000) t(i)", "segments/current.parquet"));

        Assert.Equal(1, connection.Scalar<int>($"SELECT max(x) FROM {a.Lake.SourceOf("segments/current.parquet")}"));
        Assert.Equal(["segments/current.parquet"], a.Files());
    }

    private static string Rows(string values) => $"SELECT * FROM (VALUES {values}) AS t({LakeTable.Customers.ColumnList})";

    // Stages like a process that is then killed: what it staged stays, its lock is gone.
    private static void Die(ALake a, Action<LakeBatch> work)
    {
        var home = Path.Combine(a.Lake.Root, StagingFolder.Home);
        var batch = a.Lake.Begin("demo");
        work(batch);
        var folder = Directory.GetDirectories(home, "work-*").Single();
        var copy = Path.Combine(home, "copy");
        CopyFolder(folder, copy);
        batch.Dispose();
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.Move(copy, folder);
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "lock"))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
