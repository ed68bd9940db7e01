using System.Threading.Channels;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Auto;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>One treated arm's model and cross-fitted predictions of its training rows.</summary>
internal sealed class ArmFit(IUpliftLearner learner, UpliftTask task, int[] train, int[] folds, ulong seed)
{
    internal sealed record Result(UpliftModel Model, double[] Mu0, double[] Mu1, AutoReport? Choice);

    public Task<Result> RunAsync(Func<double, Task> progress, CancellationToken cancellationToken) =>
        learner is AutoLearner auto ? ChooseAsync(auto, progress, cancellationToken) : CrossFitAsync(learner, progress, cancellationToken);

    private async Task<Result> CrossFitAsync(IUpliftLearner one, Func<double, Task> progress, CancellationToken cancellationToken)
    {
        double[] mu0 = new double[task.X.Rows], mu1 = new double[task.X.Rows];
        UpliftModel? model = null;
        var done = 0;
        using var reporting = new SemaphoreSlim(1, 1);
        // Each fit has one thread and its own seed, and predicts rows that no other does: any number at once give what one after the other gave.
        var several = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, DataSplit.FoldCount + 1).Reverse(), several, async (fold, stop) =>
        {
            var context = new FitContext(seed, 1, stop);
            if (fold == DataSplit.FoldCount)
                model = one.Fit(task, train, context);
            else
                Fill(one.Fit(task, [.. train.Where(i => folds[i] != fold)], context), [.. train.Where(i => folds[i] == fold)], mu0, mu1, stop);
            await reporting.WaitAsync(stop);
            try
            {
                await progress(++done / (DataSplit.FoldCount + 1.0));
            }
            finally
            {
                reporting.Release();
            }
        });
        return new Result(model!, mu0, mu1, null);
    }

    private async Task<Result> ChooseAsync(AutoLearner auto, Func<double, Task> progress, CancellationToken cancellationToken)
    {
        // Told on the fit's threads, now and then out of turn; only the farthest is worth passing on.
        var told = Channel.CreateBounded<double>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        var (gate, farthest) = (new Lock(), 0.0);
        var fitting = Task.Run(
            () =>
            {
                try
                {
                    return auto.FitWithReport(task, train, new FitContext(seed, Environment.ProcessorCount, cancellationToken), Tell);
                }
                finally
                {
                    told.Writer.Complete();
                }
            },
            CancellationToken.None);
        // The fit has the token and ends the telling: it is never left behind at work.
        await foreach (var share in told.Reader.ReadAllAsync(CancellationToken.None))
            await progress(share);
        var fit = await fitting;
        double[] mu0 = fit.Mu0, mu1 = [.. fit.Mu0.Select((mu, i) => mu + fit.Uplift[i])];
        int[] unchosen = [.. train.Where(i => double.IsNaN(mu1[i]))];
        if (unchosen.Length > 0)
        {
            // The choice was made on a sample: the rest is cross-fitted with what was chosen.
            var rest = await CrossFitAsync(fit.Chosen, _ => Task.CompletedTask, cancellationToken);
            foreach (var i in unchosen)
                (mu0[i], mu1[i]) = (rest.Mu0[i], rest.Mu1[i]);
        }

        return new Result(fit.Model, mu0, mu1, fit.Report);

        void Tell(double share)
        {
            lock (gate)
            {
                if (share > farthest)
                    told.Writer.TryWrite(farthest = share);
            }
        }
    }

    private void Fill(UpliftModel model, int[] rows, double[] mu0, double[] mu1, CancellationToken cancellationToken) =>
        new FittedUplift([model]).Predict(task.X, rows, [mu0], [mu1], cancellationToken);
}
